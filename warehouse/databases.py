"""The databases of this project: those that are always there, and one for each generation."""

from __future__ import annotations

#: Landed events; what is being built; closed months; what readers see; what has been migrated.
FIXED = ("raw", "build", "closed", "marts", "warehouse")
#: A generation's database begins so.
GENERATION = "marts_g"


def are_ours(column: str) -> str:
    """A condition on a column that names a database, for statements."""
    return f"({column} IN ({', '.join(map(repr, FIXED))}) OR startsWith({column}, '{GENERATION}'))"
