"""What the published marts are made of, read from dbt's manifest into `marts.models` for whoever has no dbt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from warehouse.client import scalar
from warehouse.lineage import EVENTS, Lineage

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LAYERS = {"marts": "mart", "intermediate": "intermediate", "staging": "staging"}
_COLUMNS = (
    "code, written_at, name, kind, description, grain, columns, event_types, reads_all_events, parents, ancestors"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A row of `marts.models`.

    Attributes:
        name: of the table, for marts as published; raw tables are `raw.<table>`.
        kind: mart, intermediate, staging, seed, raw or exposure.
        description: what it is.
        grain: columns that tell its rows apart, where a test says so.
        columns: name, type and description of each.
        event_types: event types it reads itself.
        reads_all_events: whether it reads events of every type.
        parents: names of what it reads.
        ancestors: names of all it comes from.
    """

    name: str
    kind: str
    description: str
    grain: list[str]
    columns: list[tuple[str, str, str]]
    event_types: list[str]
    reads_all_events: bool
    parents: list[str]
    ancestors: list[str]


def nodes(manifest: Any) -> list[Node]:
    """All models, seeds, sources and exposures of a manifest, by name."""
    lineage = Lineage(manifest)
    kinds = {
        key: "seed" if node.resource_type == "seed" else _LAYERS[node.fqn[1]]
        for key, node in manifest.nodes.items()
        if node.resource_type in ("model", "seed")
    }
    found = {key: manifest.nodes[key] for key in kinds} | dict(manifest.sources) | dict(manifest.exposures)
    kinds |= dict.fromkeys(manifest.sources, "raw") | dict.fromkeys(manifest.exposures, "exposure")
    names = {key: _name(node, kinds[key]) for key, node in found.items()}
    parents = {key: [p for p in getattr(node, "depends_on_nodes", []) if p in found] for key, node in found.items()}
    made = [
        Node(
            name=names[key],
            kind=kinds[key],
            description=" ".join(node.description.split()),
            grain=lineage.grain(node),
            columns=[
                (column.name, column.data_type or "", " ".join(column.description.split()))
                for column in getattr(node, "columns", {}).values()
            ],
            event_types=sorted(lineage.event_types(node)),
            reads_all_events=kinds[key] != "exposure"
            and not lineage.event_types(node)
            and any(names[parent] == EVENTS for parent in parents[key]),
            parents=sorted(names[parent] for parent in parents[key]),
            ancestors=sorted({names[above] for above in _above(key, parents)}),
        )
        for key, node in found.items()
    ]
    return sorted(made, key=lambda node: (node.kind, node.name))


def write(client: Client, manifest: Any, code: str) -> None:
    """Keep what the models are, unless it is kept already.

    Args:
        client: connected as the transformer.
        manifest: dbt's manifest object.
        code: fingerprint of the models.
    """
    if scalar(client, "SELECT count() FROM marts.models WHERE code = {code:String}", {"code": code}):
        return
    now = datetime.now(UTC)
    rows = [[code, now, *astuple(node)] for node in nodes(manifest)]
    client.insert("marts.models", rows, column_names=_COLUMNS.split(", "))


def _name(node: Any, kind: str) -> str:
    if kind == "raw":
        return f"{node.source_name}.{node.name}"
    # A seed has another name where a mart has its own.
    return str(node.name if kind == "exposure" else node.alias)


def _above(key: str, parents: dict[str, list[str]]) -> Iterator[str]:
    waiting, seen = list(parents[key]), set(parents[key])
    while waiting:
        above = waiting.pop()
        yield above
        new = set(parents[above]) - seen
        seen.update(new)
        waiting.extend(new)
