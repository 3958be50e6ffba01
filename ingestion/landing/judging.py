"""The judgement of `land.sql` on lines that are in ClickHouse already, without landing them."""

from __future__ import annotations

from importlib import resources

_BEGIN, _LINES, _END = "INSERT INTO raw.landing\n", "FROM input('line String')", "FORMAT LineAsString"


def judgement(lines: str) -> str:
    """A SELECT of the columns of `raw.landing`, `reason` among them: the one that lands, over other lines.

    Args:
        lines: a SELECT of one column, `line`.

    Returns:
        SQL with the same bound parameters as `land.sql`.
    """
    _, begin, rest = resources.files(__package__).joinpath("land.sql").read_text("utf-8").partition(_BEGIN)
    body, end, _ = rest.rpartition(_END)
    before, source, after = body.partition(_LINES)
    if not (begin and end and source) or _LINES in after:
        raise ValueError("land.sql is not INSERT … SELECT … FROM input(…) … FORMAT any more")
    return f"{before}FROM ({lines}){after}"
