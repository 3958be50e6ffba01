"""Erasure of people and access to what is kept of them."""
