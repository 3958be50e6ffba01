"""Lines a warehouse must refuse: one template or more per quarantine reason of the event contract.

`too_large` is left out: a line of over 1 MiB would outweigh thousands of events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.simulator import text
from ingestion.simulator.dice import Dice, Ints

_HEAD = '{"event_id":"%I","event_type":"'
_AT = '","occurred_at":"%T"'
# %I an id, %T the instant of the fault (UTC), %N a number. Reason → line.
TEMPLATES: tuple[tuple[str, str], ...] = (
    ("invalid_json", _HEAD + "page.view" + _AT + ',"properties":{"url":"/jobs'),
    ("invalid_json", "not json at all %N"),
    ("not_an_object", '["%I","page.view","%T"]'),
    ("not_an_object", '"%I"'),
    ("missing_field:event_id", '{"event_type":"page.view' + _AT + ',"properties":{"url":"/%N"}}'),
    ("missing_field:event_type", '{"event_id":"%I","occurred_at":"%T","properties":{"url":"/%N"}}'),
    ("missing_field:occurred_at", _HEAD + 'page.view","properties":{"url":"/%N"}}'),
    ("missing_field:user_id", _HEAD + "user.signin" + _AT + ',"properties":{}}'),
    (
        "missing_field:job_id",
        _HEAD + "job.posted" + _AT + ',"user_id":"x-%N","properties":{"category":"design"}}',
    ),
    (
        "missing_field:amount",
        _HEAD + "payment.completed" + _AT + ',"user_id":"x-%N","properties":{"payment_id":"bad-%N"}}',
    ),
    ("invalid_field:event_id", '{"event_id":"evt-%N","event_type":"page.view' + _AT + ',"properties":{}}'),
    ("invalid_field:occurred_at", _HEAD + 'page.view","occurred_at":"yesterday","properties":{"n":%N}}'),
    # A naive timestamp: no offset.
    (
        "invalid_field:occurred_at",
        _HEAD + 'page.view","occurred_at":"2024-05-01T10:00:00","properties":{"n":%N}}',
    ),
    (
        "invalid_field:amount",
        _HEAD + "payment.completed" + _AT + ',"user_id":"x-%N","properties":{"payment_id":"bad-%N","amount":-5}}',
    ),
    (
        "invalid_field:score",
        _HEAD
        + "feedback.submitted"
        + _AT
        + ',"user_id":"x-%N","properties":{"contract_id":"bad-%N","freelancer_id":"x-1","score":9}}',
    ),
    (
        "invalid_field:outcome",
        _HEAD
        + "contract.completed"
        + _AT
        + ',"user_id":"x-%N","properties":{"contract_id":"bad-%N","freelancer_id":"x-1","outcome":"lost"}}',
    ),
    ("unknown_event_type", _HEAD + "cart.abandoned" + _AT + ',"user_id":"x-%N","properties":{}}'),
    ("occurred_in_future", _HEAD + 'page.view","occurred_at":"2999-01-01T00:00:00Z","properties":{"n":%N}}'),
)


@dataclass(frozen=True)
class Faults:
    """Faulty lines at given instants (ms since the start, ascending)."""

    t: Ints
    dice: Dice
    start_ms: int

    def lines(self, index: Ints) -> tuple[list[pa.Array], list[Ints]]:
        """Lines of rows, grouped by template, and their instants in the same groups."""
        lines, keys = [], []
        kinds = index % len(TEMPLATES)
        for kind in np.unique(kinds):
            chosen = index[kinds == kind]
            lines.append(self._render(TEMPLATES[int(kind)][1], chosen))
            keys.append(self.t[chosen])
        return lines, keys

    def _render(self, template: str, index: Ints) -> pa.Array:
        columns = {
            "I": text.uuids(self.dice.bits(index, "id.high"), self.dice.bits(index, "id.low")),
            "T": text.join([text.instants(self.t[index] + self.start_ms), "Z"]),
            "N": text.number(index),
        }
        first, *rest = template.split("%")
        # An empty column makes sure that there is one piece per row.
        pieces: list[str | pa.Array] = [pa.array([""] * len(index)), first]
        for part in rest:
            pieces += [columns[part[0]], part[1:]]
        return text.join([*pieces, "\n"])
