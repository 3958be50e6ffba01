"""Clocks, housekeeping and alerts."""
