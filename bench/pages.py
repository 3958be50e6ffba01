"""Pages of docs that show what was measured, between marks: `<!-- measured: NAME -->` to `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_MARK = re.compile(r"(?<=<!-- measured: )([\w-]+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)


def filled(text: str, parts: Mapping[str, str]) -> str:
    """The page with each part between its marks; marks without a part are left empty."""
    return _MARK.sub(lambda found: f"{found[1]}{found[2]}\n{parts.get(found[1], '')}\n\n", text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
