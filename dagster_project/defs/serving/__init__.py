"""What reads the marts."""
