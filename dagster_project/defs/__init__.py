"""Definitions by topic; in each folder: assets, checks, jobs, schedules, sensors."""
