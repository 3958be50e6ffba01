"""A stream: all events of one type and one cause, as columns; and how its rows become lines of JSON.

A stream keeps 8 bytes of time per event and the numbers that other events depend on (user, session, job …).
Everything else — ids, user agents, latencies — is drawn when a row is rendered, from the row's number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.simulator import text
from ingestion.simulator.dice import Array, Dice, Ints, Mask, weighted
from ingestion.simulator.text import Money, Piece, Prop

ALIASES = {
    "user.signup": "user.registered",
    "signup.started": "signup_started",
    "page.view": "page_view",
    "search.performed": "search_performed",
    "profile.viewed": "profile_viewed",
    "job.viewed": "job_viewed",
    "proposal.sent": "proposal_sent",
    "proposal.viewed": "proposal_viewed",
    "proposal.accepted": "proposal_accepted",
    "feedback.submitted": "review.submitted",
    "financial.recorded": "financial",
    "payment.completed": "payment_completed",
    "payout.processed": "payout_processed",
    "upload.initiated": "upload_initiated",
    "upload.completed": "upload_completed",
    "assignment.claimed": "assignment_claimed",
    "assignment.submitted": "assignment_submitted",
}
OTHER_SPELLINGS = 0.05
SPELLED_ALIKE = 32  # events in a row of a stream; a switch costs a second rendering pass of the chunk


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a producer writes the envelope."""

    id: str = "event_id"
    type: str = "event_type"
    at: str = "occurred_at"
    user: str = "user_id"
    properties: str = "properties"
    camel: bool = False
    alias: bool = False
    sourced: bool = True
    quoted_money: bool = False
    offset_minutes: int = 0


CANONICAL = Spelling()
OTHERS = (
    Spelling("id", "type", "timestamp", "userId", "data", camel=True, alias=True),
    Spelling(at="created_at", properties="event_data", alias=True, sourced=False, offset_minutes=120),
    Spelling("id", properties="metadata", camel=True, alias=True, quoted_money=True, offset_minutes=-180),
    Spelling(type="type", at="timestamp", properties="data", quoted_money=True, sourced=False, offset_minutes=330),
)

_AGENTS = text.vocabulary(
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_6) Safari/605.1.15",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/141.0 Mobile",
        "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Firefox/143.0",
        "MarketApp/5.2 (iOS 18.6)",
    ]
)
_AGENT_TABLE = weighted([30, 22, 20, 16, 7, 5])
# Documentation ranges of RFC 5737 and RFC 3849; nobody's real address.
_NETWORKS = pa.array(["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:7:1::"])
_NETWORK_TABLE = weighted([30, 30, 30, 10])


class Rows:
    """Some rows of a stream, with their columns and draws; what `props` functions work on."""

    def __init__(self, stream: Stream, index: Ints) -> None:
        self.stream = stream
        self.index = index

    def __len__(self) -> int:
        return len(self.index)

    @property
    def t(self) -> Ints:
        """Milliseconds since the start of the simulation."""
        return self.stream.t[self.index]

    @property
    def user(self) -> Array:
        """Numbers of the users the events are about."""
        if self.stream.user is None:
            raise ValueError(f"{self.stream.name} has no user")
        return self.stream.user[self.index]

    def __getitem__(self, column: str) -> Array:
        return self.stream.columns[column][self.index]

    def below(self, draw: str, limit: int | Array) -> Ints:
        """See `Dice.below`."""
        return self.stream.dice.below(self.index, draw, limit)

    def chance(self, draw: str, probability: float | Array) -> Mask:
        """See `Dice.chance`."""
        return self.stream.dice.chance(self.index, draw, probability)

    def pick(self, draw: str, table: Ints) -> Ints:
        """See `Dice.pick`."""
        return self.stream.dice.pick(self.index, draw, table)

    def smooth(self, draw: str, table: Ints) -> Ints:
        """See `Dice.smooth`."""
        return self.stream.dice.smooth(self.index, draw, table)

    def ident(self, kind: str, numbers: Array) -> tuple[Piece, ...]:
        """JSON text of ids such as `"job-3fa9c-17"`: kind, run, number."""
        return (f'"{kind}-{self.stream.tag}-', text.number(numbers), '"')


Props = Callable[[Rows], Sequence[Prop]]


def no_props(_: Rows) -> Sequence[Prop]:
    """For types without properties."""
    return ()


@dataclass(frozen=True)
class Stream:
    """Events in order of time.

    Attributes:
        name: unique in a run; part of the key of its draws.
        t: milliseconds since the start of the simulation, ascending.
        user, session: numbers per row, or None if the events carry none.
        columns: further numbers per row that `props` needs.
        context: whether the events carry `context`.
    """

    name: str
    event_type: str
    source: str
    t: Ints
    user: Array | None
    session: Array | None
    columns: dict[str, Array]
    props: Props
    context: bool
    dice: Dice
    tag: str
    start_ms: int
    other: Spelling = field(init=False)

    def __post_init__(self) -> None:
        which = int(self.dice.below(np.zeros(1), "other spelling", len(OTHERS))[0])
        object.__setattr__(self, "other", OTHERS[which])

    def head(self, count: int) -> Stream:
        """The stream of the first `count` events."""
        return replace(
            self,
            t=self.t[:count],
            user=None if self.user is None else self.user[:count],
            session=None if self.session is None else self.session[:count],
            columns={key: column[:count] for key, column in self.columns.items()},
        )

    def lines(self, index: Ints, order: Ints) -> tuple[list[pa.Array], list[Ints]]:
        """Lines of rows, in groups by spelling, and the sort keys `order` of the rows in the same groups."""
        rare = self.dice.chance(index // SPELLED_ALIKE, "spelling", OTHER_SPELLINGS)
        groups = [(~rare, CANONICAL), (rare, self.other)] if rare.any() else [(~rare, CANONICAL)]
        lines, keys = [], []
        for mask, spelling in groups:
            if mask.any():
                lines.append(self._render(Rows(self, index[mask]), spelling))
                keys.append(order[mask])
        return lines, keys

    def _render(self, rows: Rows, spelling: Spelling) -> pa.Array:
        event_type = ALIASES.get(self.event_type, self.event_type) if spelling.alias else self.event_type
        ids = text.uuids(self.dice.bits(rows.index, "id.high"), self.dice.bits(rows.index, "id.low"))
        pieces: list[str | pa.Array] = [
            f'{{"{spelling.id}":"',
            ids,
            f'","{spelling.type}":"{event_type}","{spelling.at}":"',
            text.instants(rows.t + self.start_ms, spelling.offset_minutes),
            text.suffix(spelling.offset_minutes) + '"',
        ]
        if self.user is not None:
            pieces += [f',"{spelling.user}":"u-{self.tag}-', text.number(rows.user), '"']
        if self.session is not None:
            pieces += [f',"session_id":"s-{self.tag}-', text.number(self.session[rows.index]), '"']
        if spelling.sourced:
            pieces.append(f',"source":"{self.source}"')
        if self.context:
            pieces += self._context(rows)
        pieces.append(f',"{spelling.properties}":{{')
        for number, prop in enumerate(self.props(rows)):
            pieces += _property(prop, spelling, "," if number else "")
        pieces.append("}}\n")
        return text.join(pieces)

    def _context(self, rows: Rows) -> list[str | pa.Array]:
        owner = rows.user if self.user is not None else rows.index
        device = Dice(self.tag, "device")
        return [
            f',"context":{{"page_url":"https://market.example.com/{self.event_type.split(".")[0]}","user_agent":',
            text.words(_AGENTS, device.pick(owner, "agent", _AGENT_TABLE)),
            ',"ip":"',
            _NETWORKS.take(pa.array(device.pick(owner, "network", _NETWORK_TABLE))),
            text.number(device.below(owner, "host", 254) + 1),
            '"}',
        ]


def _property(prop: Prop, spelling: Spelling, comma: str) -> list[str | pa.Array]:
    key = text.camel(prop.key) if spelling.camel else prop.key
    pieces: list[str | pa.Array] = [f'{comma}"{key}":']
    for piece in prop.pieces:
        if isinstance(piece, Money):
            pieces += text.decimal(piece, quoted=spelling.quoted_money)
        else:
            pieces.append(piece)
    if prop.present is None:
        return pieces
    return [pc.if_else(pa.array(prop.present), text.join(pieces), pa.scalar(""))]
