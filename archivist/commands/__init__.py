"""The commands: each gathers, calls the library and prints."""
