"""What a change reaches in the dbt project, read from its manifest: the nodes to run, and why each day is rebuilt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: Views show what their tables hold: with the same code there is nothing to run.
_STANDING = "view"
_TABLE_KINDS = ("model", "seed")


@dataclass(frozen=True, slots=True)
class DatedMart:
    """A mart whose rows belong to days.

    Attributes:
        name: its name.
        day: the column that tells the day: a date, or an instant.
        measures: columns whose sum over a day means something.
    """

    name: str
    day: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a change reaches: `tables` to build, models and seeds by name, and `tests` to run, by dbt's id."""

    tables: list[str]
    tests: frozenset[str]


class Lineage:
    """The models, seeds and tests of a manifest, by name.

    Args:
        manifest: dbt's manifest object.
    """

    def __init__(self, manifest: Any) -> None:
        self._nodes = dict(manifest.nodes)
        self._parents = {key: [str(parent) for parent in node.depends_on_nodes] for key, node in self._nodes.items()}

    def marts(self) -> list[str]:
        """Names of the tables of the marts layer."""
        return sorted(node.alias for node in self._models() if node.fqn[1] == "marts")

    def dated_marts(self) -> list[DatedMart]:
        """The marts with a day in their grain; sums of rates and means mean something only where it is the grain."""
        found = []
        for node in self._models():
            grain = self.grain(node) if node.fqn[1] == "marts" else []
            days = [name for name in grain if node.columns[name].data_type.startswith("Date")]
            if days:
                measures = [
                    column.name
                    for column in node.columns.values()
                    if column.name not in grain and _is_measure(column.data_type, whole_day=len(grain) == 1)
                ]
                found.append(DatedMart(node.alias, days[0], tuple(measures)))
        return sorted(found, key=lambda mart: mart.name)

    def missed_nowhere(self) -> list[str]:
        """Names of the dated marts made from events that no other model is made of and no test compares with others.

        Once their days are closed nothing makes or reads them again, so that these can leave (ADR 27).
        """
        others = {
            parent
            for key, parents in self._parents.items()
            for parent in parents
            if getattr(self._nodes[key], "attached_node", None) != parent
        }
        alone = {node.name for node in self._models() if node.unique_id not in others}
        return sorted(alone & {mart.name for mart in self.dated_marts()} & set(self.event_readers()))

    def grain(self, model: Any) -> list[str]:
        """Columns that tell the rows of a model apart; empty where no test says so."""
        for node in self._nodes.values():
            about = getattr(node, "attached_node", None) == model.unique_id
            if about and node.test_metadata is not None and node.test_metadata.name == "rows_keep_the_rules":
                arguments = node.test_metadata.kwargs
                return list((arguments.get("arguments") or arguments)["grain"])
        return []

    def tables(self) -> list[str]:
        """Names of everything that is a table in `build`."""
        return sorted(
            node.alias
            for node in self._nodes.values()
            if node.resource_type in _TABLE_KINDS and node.config.materialized != _STANDING
        )

    def reached(
        self, event_types: Collection[str], seeds: Collection[str], *, landed: bool, trained: bool = False
    ) -> Reached:
        """What to build, and the tests of what is built or shows it.

        Args:
            event_types: types of the events that have arrived; whatever reads all events is reached by any.
            seeds: those that have changed.
            landed: whether a batch has been committed, be it without a new event: readers of the ledger and of
                the canaries look again.
            trained: whether there has been a training.
        """
        roots = {
            key
            for key, node in self._nodes.items()
            if (node.resource_type == "seed" and node.name in seeds)
            or (event_types and node.name == EVENTS)
            or (event_types and node.resource_type == "model" and self._reads_all_events(key, node))
            or not set(self.event_types(node)).isdisjoint(event_types)
            or (landed and node.name != EVENTS and self._reads(key, LANDING))
            or (trained and self._reads(key, TRAINING))
        }
        reached = set(self._with_descendants(roots))
        tables = {
            self._nodes[key].name
            for key in reached
            if self._nodes[key].resource_type in _TABLE_KINDS and self._nodes[key].config.materialized != _STANDING
        }
        tests = {
            key
            for key, node in self._nodes.items()
            if node.resource_type == "test" and not reached.isdisjoint(self._parents[key])
        }
        return Reached(sorted(tables), frozenset(tests))

    def causes(self, model: str) -> dict[str, set[str]]:
        """For a restated model: by input, the names under which its changes are logged.

        Of the table of all events these are the types that the model declares; none where it reads all of them.
        """
        node = next(node for node in self._models() if node.name == model)
        reach = (node.config.meta.get("restate") or {}).get("reach") or {}
        return {
            name: set(self.event_types(node) if name == EVENTS else self._evidence(f"model.{node.package_name}.{name}"))
            for name in reach
        }

    def event_readers(self) -> list[str]:
        """Names of the tables made from events: restated and folded models with staged events among their inputs."""
        types = {*self.known_event_types(), EVENTS}
        return sorted(
            node.name
            for node in self._models()
            if node.config.materialized in ("restated", "folded")
            and any(
                evidence in types
                for parent in self._parents[node.unique_id]
                if parent in self._nodes and self._nodes[parent].resource_type == "model"
                for evidence in self._evidence(parent)
            )
        )

    def known_event_types(self) -> set[str]:
        """The event types that any model declares."""
        return {kind for node in self._models() for kind in self.event_types(node)}

    @staticmethod
    def event_types(node: Any) -> list[str]:
        """The event types that a model which reads the table of all events narrows it to."""
        return list(node.config.meta.get("event_types") or []) if node.resource_type == "model" else []

    def _evidence(self, key: str) -> Iterator[str]:
        node = self._nodes[key]
        if node.config.materialized != _STANDING:
            yield node.name
            return
        if types := self.event_types(node):
            yield from types
            return
        for parent in self._parents[key]:
            if parent in self._nodes:
                yield from self._evidence(parent)

    def _models(self) -> Iterator[Any]:
        return (node for node in self._nodes.values() if node.resource_type == "model")

    def _reads_all_events(self, key: str, node: Any) -> bool:
        return not self.event_types(node) and any(self._name(parent) == EVENTS for parent in self._parents[key])

    def _reads(self, key: str, sources: tuple[str, ...]) -> bool:
        return any(parent.endswith(sources) for parent in self._parents[key])

    def _name(self, key: str) -> str:
        return str(self._nodes[key].name) if key in self._nodes else ""

    def _with_descendants(self, roots: Iterable[str]) -> Iterator[str]:
        children: dict[str, list[str]] = {}
        for key, parents in self._parents.items():
            if self._nodes[key].resource_type in _TABLE_KINDS:
                for parent in parents:
                    children.setdefault(parent, []).append(key)
        waiting, seen = list(roots), set(roots)
        while waiting:
            key = waiting.pop()
            yield key
            # Through the table of all events everything hangs together; its readers are chosen by event type.
            new = [] if self._nodes[key].name == EVENTS else set(children.get(key, ())) - seen
            seen.update(new)
            waiting.extend(new)


#: Sources that change with every landing, whatever came of its lines.
LANDING = (".raw.batches", ".raw.canaries")
#: Sources that change with every training.
TRAINING = (".foresight.trainings", ".foresight.expectations")
#: The model of all events that count.
EVENTS = "stg_events"


def _is_measure(data_type: str, *, whole_day: bool) -> bool:
    plain = data_type.removeprefix("Nullable(")
    return plain.startswith(("UInt", "Int", "Decimal")) or (whole_day and plain.startswith("Float"))
