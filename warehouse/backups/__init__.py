"""Backups: ClickHouse's tables by its own BACKUP, and what else the home holds that could not be made again."""
