"""One question to one generation, everything resolved: whose rows, which days, which page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import orjson

from serving_api.auth import Caller
from serving_api.endpoint import SEES_ALL, Endpoint
from serving_api.formats import WHOLE, Delivery
from serving_api.generations import Generation
from serving_api.parameters import CURSOR, Parameter, Values, bound, canonical, invalid
from serving_api.problems import FORBIDDEN, ParameterError, Problem

# Enough for every page of the largest answer, and far from what a number may overflow.
MAXIMUM_OFFSET = 1_000_000_000
# More rows than there can be.
_ALL = 1 << 62
# What the columns that pages are cut by hold: instants, days and ids.
_KEY = re.compile(r"[0-9A-Za-z:.+-]{1,64}")

Position = int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after some rows, or after the row with a key. It names the generation, so that all
    pages are of one; it grants nothing."""

    generation: int
    position: Position
    fingerprint: str

    def written(self) -> str:
        """The text in the URL."""
        packed = orjson.dumps([self.generation, self.position, self.fingerprint])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor of a text.

        Raises:
            Problem: the text is no cursor of ours.
        """
        try:
            padded = text + "=" * (-len(text) % 4)
            generation, position, fingerprint = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (ValueError, TypeError, binascii.Error):
            bad_cursor()
        if type(generation) is not int or not 0 <= generation < 2**63 or type(fingerprint) is not str:
            bad_cursor()
        if type(position) is int and 0 <= position <= MAXIMUM_OFFSET:
            return cls(generation, position, fingerprint)
        if type(position) is list and all(type(key) is str and _KEY.fullmatch(key) for key in position):
            return cls(generation, tuple(position), fingerprint)
        bad_cursor()


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer depends on.

    Attributes:
        endpoint: which one.
        generation: where the numbers are from.
        values: of the parameters, but for those that say where the rows begin and end and how they are taken away.
        limit: rows asked for; None for all of them.
        position: where the rows begin.
        caller: who asks.
        earlier: the generation to compare with.
        delivery: what of the answer is taken away, and how.
    """

    endpoint: Endpoint
    generation: Generation
    values: Values
    limit: int | None
    position: Position
    caller: Caller
    earlier: Generation | None = None
    delivery: Delivery = WHOLE

    @property
    def sees_all(self) -> bool:
        """Whether rows do not depend on who asks, but for the parameters."""
        return not self.endpoint.scoped or self.endpoint.of_user or self.caller.role in SEES_ALL

    @property
    def fingerprint(self) -> str:
        """Hash of endpoint and parameters, without the page: what a cursor belongs to."""
        return _hash(self.endpoint.header.path, canonical(self.values))

    @property
    def etag(self) -> str:
        """Hash of all that the bytes of the answer depend on."""
        scope = "all" if self.sees_all else f"subject {self.caller.subject}"
        origin: tuple[str, ...] = (str(self.generation.number), self.generation.database, self.generation.run_id)
        if self.earlier is not None:
            origin += (str(self.earlier.number), self.earlier.database, self.earlier.run_id)
        table = "" if self.delivery.table is None else self.delivery.table.name
        taken = (self.delivery.format.name, table, str(self.delivery.skip))
        page = (str(self.limit), str(self.position), scope, *taken)
        return _hash(*origin, self.endpoint.fingerprint, canonical(self.values), *page)

    def parameters(self) -> dict[str, str]:
        """Parameters of the SQL, bound."""
        values = dict(self.values)
        if self.endpoint.paged:
            values["limit"] = self._rows
            values["after" if self.endpoint.header.keyset else "offset"] = self.position
        if self.endpoint.scoped and not self.endpoint.of_user:
            values |= {"sees_all": self.sees_all, "subject": self.caller.subject}
        values["generation"] = self.generation.number
        if self.endpoint.compares:
            # Without an earlier one its name must stand for something all the same.
            values["earlier"] = (self.earlier or self.generation).database
            values["earlierGeneration"] = None if self.earlier is None else self.earlier.number
        about = {"param_served": self.endpoint.served} if self.endpoint.served else {}
        return bound(values) | about

    @property
    def _rows(self) -> int:
        if self.limit is None:
            return _ALL
        # Rows are left out after they have been counted; and one more than asked for tells if there is a next page.
        return self.limit + (1 if self.delivery.table is None else self.delivery.skip)

    def following(self, count: int, last: Mapping[str, str]) -> Cursor:
        """Where the next page begins, after `count` rows of which `last` has the key."""
        if self.endpoint.header.keyset:
            position: Position = tuple(str(last[name]) for name in self.endpoint.answer.key)
        else:
            position = count + (self.position if isinstance(self.position, int) else 0)
        return Cursor(self.generation.number, position, self.fingerprint)


def start_of(endpoint: Endpoint, cursor: Cursor | None) -> Position:
    """Where the rows begin that are asked for.

    Raises:
        Problem: the cursor is of another kind of endpoint.
    """
    if cursor is None:
        return () if endpoint.header.keyset else 0
    if isinstance(cursor.position, int) == endpoint.header.keyset:
        bad_cursor()
    if isinstance(cursor.position, tuple) and len(cursor.position) != len(endpoint.answer.key):
        bad_cursor()
    return cursor.position


def with_user(values: Values, parameters: Mapping[str, Parameter], caller: Caller) -> Values:
    """Fill in whose page it is: the caller's, or for those who see all that of the user they name.

    Raises:
        Problem: 403, the page is another user's.
    """
    for name, parameter in parameters.items():
        if parameter.type != "user":
            continue
        asked = values.get(name)
        if asked is None:
            values = values | {name: caller.subject}
        elif asked != caller.subject and caller.role not in SEES_ALL:
            raise Problem(
                FORBIDDEN, f"only admin and analyst see pages of others; leave out {name} with role {caller.role}"
            )
    return values


def bad_cursor() -> NoReturn:
    """Refuse a cursor.

    Raises:
        Problem: always.
    """
    raise invalid(ParameterError(CURSOR, "is not a cursor of this API; take it from meta.next"))


def _hash(*parts: str) -> str:
    # Lengths keep parts apart that could otherwise be cut differently.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
