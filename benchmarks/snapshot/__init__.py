"""`archivist snapshot --all` beside the `track` of Open Terms Archive, on the same local pages."""
