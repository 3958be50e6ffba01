"""Raw to marts and their publication."""
