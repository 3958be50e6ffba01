"""Measurements as ratios: each is taken side by side with its baseline, in turns, in one run."""
