"""When people are told: after it has lasted, once, again a few times, and when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.warehouse.alerts.conftest import START
from warehouse.alerts.looking import Finding, Seen
from warehouse.alerts.rules import Rules
from warehouse.alerts.states import Alert, Key, Kind, step

RULES = Rules.model_validate(
    {
        "runbooks": "docs/runbooks.md",
        "reminders": {"every": "1h", "at_most": 2},
        "recovers_after": "2m",
        "rules": {
            "engine": {"says": "down", "probe": "p", "above": 0, "for": "1m", "severity": "critical"},
            "late": {"says": "late", "probe": "p", "above": 0, "for": "5m", "severity": "info", "behind": ["engine"]},
        },
    }
)  # fmt: skip


class Story:
    """Minutes, what is seen in them, and what people were told."""

    def __init__(self) -> None:
        self.alerts: dict[Key, Alert] = {}
        self.minute = 0
        self.told: list[tuple[int, str, str, list[str]]] = []

    def go(self, minutes: int, *seen: str, unknown: tuple[str, ...] = ()) -> None:
        """Minute by minute the same: `rule` or `rule:cause`."""
        for _ in range(minutes):
            found: dict[str, list[Finding]] = {}
            for name in seen:
                rule, _, cause = name.partition(":")
                found.setdefault(rule, []).append(Finding(cause or "it", 1))
            now = START + timedelta(minutes=self.minute)
            self.alerts, notices = step(RULES, self.alerts, Seen(found, dict.fromkeys(unknown, "away")), now)
            self.told += [(self.minute, n.kind, n.rule, [a.cause for a in n.alerts]) for n in notices]
            self.minute += 1


def test_told_once_it_has_lasted_and_when_it_is_over() -> None:
    story = Story()
    story.go(3)
    story.go(10, "late:a")
    story.go(10)
    assert story.told == [(8, Kind.FIRING, "late", ["a"]), (15, Kind.RESOLVED, "late", ["a"])]
    assert story.alerts == {}


def test_a_blip_is_nothing_and_a_gap_is_no_recovery() -> None:
    story = Story()
    for _ in range(5):
        story.go(4, "late:a")
        story.go(1)
    assert story.told == []
    story.go(6, "late:a")
    for _ in range(5):
        story.go(1)
        story.go(3, "late:a")
    assert [kind for _, kind, _, _ in story.told] == [Kind.FIRING]


def test_reminders_are_bounded() -> None:
    story = Story()
    story.go(24 * 60, "engine")
    assert [(minute, kind) for minute, kind, _, _ in story.told] == [
        (1, Kind.FIRING),
        (61, Kind.REMINDER),
        (121, Kind.REMINDER),
    ]


def test_causes_that_begin_together_are_one_notice() -> None:
    story = Story()
    story.go(6, "late:a", "late:b", "late:c")
    assert story.told == [(5, Kind.FIRING, "late", ["a", "b", "c"])]


@pytest.mark.parametrize("first", [0, 1, 4])
def test_what_follows_from_another_alert_is_not_told(first: int) -> None:
    story = Story()
    story.go(first, "late:a")
    story.go(30, "engine", "late:a", "late:b", "late:c")
    # The consequences last a little longer than the cause.
    story.go(4, "late:a")
    story.go(10)
    assert [(kind, rule) for _, kind, rule, _ in story.told] == [(Kind.FIRING, "engine"), (Kind.RESOLVED, "engine")]


def test_what_remains_when_the_other_is_over_is_told() -> None:
    story = Story()
    story.go(30, "engine", "late:a")
    story.go(10, "late:a")
    assert [(kind, rule) for _, kind, rule, _ in story.told] == [
        (Kind.FIRING, "engine"),
        (Kind.RESOLVED, "engine"),
        (Kind.FIRING, "late"),
    ]


def test_what_cannot_be_seen_is_neither_there_nor_gone() -> None:
    story = Story()
    story.go(6, "late:a")
    story.go(60, unknown=("late",))
    assert [kind for _, kind, _, _ in story.told] == [Kind.FIRING]
    story.go(3)
    assert [kind for _, kind, _, _ in story.told] == [Kind.FIRING, Kind.RESOLVED]
