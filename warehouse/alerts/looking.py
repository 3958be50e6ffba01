"""Looking at what the rules name: findings by rule, and what could not be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from clickhouse_connect.driver.exceptions import ClickHouseError

from warehouse.alerts.rules import RuleBook
from warehouse.client import Identity, connect
from warehouse.errors import WarehouseError
from warehouse.failures import explained
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_ANSWER_SECONDS = 20
#: A rule only reads, and may not become a load of its own.
_LIMITS = {"readonly": 2, "max_execution_time": 15, "max_result_rows": 1_000, "result_overflow_mode": "break"}
_TABLES = "SELECT concat(database, '.', name) FROM system.tables WHERE database IN ('raw', 'build', 'marts')"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found: the cause, which tells alerts of a rule apart, a number, and more in words."""

    cause: str
    value: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a probe is given.

    Attributes:
        settings: which warehouse.
        now: the instant of the evaluation, UTC.
        client: of ClickHouse; None while it does not answer.
        said: why it does not.
        parameters: those of the rule.
        broken: rules that could not be evaluated so far, and why.
    """

    settings: Settings
    now: datetime
    client: Client | None
    said: str
    parameters: Mapping[str, Any]
    broken: Mapping[str, str]


Probe = Callable[[Look], Iterable[Finding]]


@dataclass(slots=True)
class Seen:
    """What was seen: findings beyond the threshold by rule, and rules that could not be evaluated, with the reason."""

    found: dict[str, list[Finding]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def reach(settings: Settings) -> tuple[Client | None, str]:
    """A client that does not wait long, or why there is none."""
    try:
        return connect(
            Identity.TRANSFORMER,
            settings,
            log_comment="alerts",
            query_settings={"max_execution_time": _LIMITS["max_execution_time"]},
            answer_seconds=_ANSWER_SECONDS,
        ), ""
    except ClickHouseError as error:
        return None, str(explained(error))
    except WarehouseError as error:
        return None, str(error)


def ask(
    client: Client, sql: str, now: datetime, parameters: Mapping[str, Any] = MappingProxyType({})
) -> Iterable[dict[str, Any]]:
    """Rows by column name, within the limits of who only looks; the query may name `now`.

    Raises:
        ClickHouseError: as the client does.
    """
    instant = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    rows = client.query(sql, parameters={**parameters, "now": instant}, settings=_LIMITS).named_results()
    return cast("Iterable[dict[str, Any]]", rows)


def look(
    book: RuleBook,
    probes: Mapping[str, Probe],
    settings: Settings,
    now: datetime,
    client: Client | None,
    said: str = "",
) -> Seen:
    """Evaluate every rule once; one that cannot be evaluated keeps no other from it.

    Args:
        book: the rules.
        probes: by name.
        settings: which warehouse.
        now: the instant it is done for, which need not be the present.
        client: of the transformer; None while ClickHouse does not answer, whereupon what only it can tell is unknown.
        said: why it does not.
    """
    seen, broken = Seen(), dict[str, str]()
    tables = _tables(client, book)
    # What could not be evaluated is a finding itself: rules about rules come last.
    for name, rule in sorted(book.rules.items(), key=lambda item: item[1].probe == "rules"):
        try:
            if rule.probe is not None:
                if rule.probe not in probes:
                    raise WarehouseError(f"there is no probe {rule.probe}", f"there are {', '.join(sorted(probes))}")
                findings = list(probes[rule.probe](Look(settings, now, client, said, rule.parameters, broken)))
            elif client is None:
                seen.unknown[name] = "ClickHouse does not answer"
                continue
            else:
                if not tables.issuperset(rule.needs):
                    continue  # what nobody has built is no fault
                findings = [
                    Finding(str(row["cause"]), float(row["value"]), str(row["detail"]))
                    for row in ask(client, book.sql(name), now, rule.parameters)
                ]
        except ClickHouseError as error:
            seen.unknown[name] = broken[name] = str(explained(error))
            continue
        except (WarehouseError, OSError) as error:
            seen.unknown[name] = broken[name] = str(error)
            continue
        if beyond := [finding for finding in findings if rule.holds(finding.value)]:
            seen.found[name] = list({finding.cause: finding for finding in beyond}.values())
    return seen


def _tables(client: Client | None, book: RuleBook) -> set[str]:
    if client is None or not any(rule.needs for rule in book.rules.values()):
        return set()
    return {str(name) for (name,) in client.query(_TABLES).result_rows}
