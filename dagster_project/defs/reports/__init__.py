"""Reports as runs: made, sent, scheduled, and dropped when they are old."""
