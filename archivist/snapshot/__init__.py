"""The maintainer's act: look at a source now, and keep the new version if there is one."""
