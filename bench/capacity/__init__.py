"""What a warehouse costs by its size, measured, and what that says of larger ones: `python -m bench.capacity`."""
