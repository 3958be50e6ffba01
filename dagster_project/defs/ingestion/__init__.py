"""Sources to raw."""
