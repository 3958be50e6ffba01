"""The clock: what runs when, in which order, and what is known of it. Knows all other packages."""
