"""The `warehouse` command: one module per group of commands; the only place that may import every package."""
