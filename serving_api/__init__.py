"""The read-only API: one SQL file per endpoint, over the published marts, as the reader identity."""
