"""What the marts about uploaders, creators and quality share: the life of an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.oracle.contract import Event
from tests.oracle.tools import firsts, of_type

PREFIX = "assignment."


def output_type_of(event: Event) -> str:
    """The event's own `output_type`, '' without; only a text is one (it may be an extra property)."""
    value = event.properties.get("output_type", "")
    return value if isinstance(value, str) else ""


def is_first_version(event: Event) -> bool:
    """Whether a review regards version 1, which is the default."""
    return event.properties.get("version", 1) == 1


class Assignments:
    """The first creation and completion of every assignment, and its output type.

    Known is every assignment that some `assignment.*` event names. Its output type is that of the earliest of
    those events having one, whatever they say: '' if none has. First is by (occurred_at, event_id).
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.created = firsts(of_type(events, "assignment.created"), "assignment_id")
        self.completed = firsts(of_type(events, "assignment.completed"), "assignment_id")
        self._output_types: dict[str, str] = {}
        for event in sorted(events, key=lambda event: event.order):
            if event.event_type.startswith(PREFIX):
                assignment = event.text("assignment_id")
                known = self._output_types.get(assignment, "")
                self._output_types[assignment] = known or output_type_of(event)

    def knows(self, assignment: str) -> bool:
        """Whether any assignment event names it."""
        return assignment in self._output_types

    def output_type(self, assignment: str) -> str:
        """The output type of a known assignment, '' if no event told one."""
        return self._output_types[assignment]

    def output_type_of(self, event: Event) -> str:
        """The output type of an assignment event: its own, else the one of its assignment."""
        return output_type_of(event) or self.output_type(event.text("assignment_id"))

    def due_at(self, assignment: str) -> datetime | None:
        """The deadline its first creation set; a later creation cannot add one."""
        first = self.created.get(assignment)
        value = first.properties.get("due_at") if first else None
        assert value is None or isinstance(value, datetime)
        return value
