"""What ClickHouse's driver raises, as sentences a person can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from clickhouse_connect.driver.exceptions import ClickHouseError

from warehouse.errors import Unreachable, WarehouseError

_NO_SPACE = re.compile(r"NOT_ENOUGH_SPACE|No space left on device|Cannot reserve|Disk quota exceeded|File too large")
_SERVER_TEXT = re.compile(r"DB::Exception: (.*)", re.DOTALL)
_SHOWN = 300


@contextmanager
def told_as(kind: type[WarehouseError]) -> Iterator[None]:
    """The driver's errors as errors of a kind, without the driver's text: it may hold the parameters."""
    try:
        yield
    except ClickHouseError as error:
        failure = explained(error)
        raise kind(failure.message, failure.hint) from None


def explained(error: ClickHouseError) -> WarehouseError:
    """The failure in one sentence, and what to do.

    The driver's own text is left out where the connection broke: it holds the address of the request with all
    bound parameters, secrets among them. Raise the result `from None` for the same reason.
    """
    text = str(error)
    if _NO_SPACE.search(text):
        return WarehouseError(
            "ClickHouse has no space left on its disk",
            "free space (WAREHOUSE_HOME, when embedded), then run `warehouse` with the same arguments again:"
            " nothing counts twice",
        )
    if getattr(error, "code", None) is None and "DB::Exception" not in text:
        return Unreachable(
            "the connection to ClickHouse broke off in the middle of a statement",
            "see `warehouse status`; start it with `warehouse start`, then run the same again: nothing counts twice",
        )
    found = _SERVER_TEXT.search(text)
    sentence = " ".join((found[1] if found else text).split())
    return WarehouseError(
        f"ClickHouse: {sentence[:_SHOWN]}{'…' if len(sentence) > _SHOWN else ''}",
        "run `warehouse doctor` to see whether the installation is sound",
    )
