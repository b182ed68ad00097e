"""What reading a history costs, beside git itself and other tools."""
