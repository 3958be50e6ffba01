"""Vital signs of the running stack: database, storage, queues and what it depends on, measured once a minute."""
