"""How long things are kept: months of events are closed and leave, other tables lose their old partitions (ADR 18)."""
