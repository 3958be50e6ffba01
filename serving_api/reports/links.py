"""Links under which a finished file can be fetched for a while, by whoever has the link."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import jwt

from warehouse.errors import WarehouseError
from warehouse.settings import Settings

RUNS_PATH = "/api/v1/admin/reports/runs"
#: A link in an answer is for now, one in an e-mail for when it is read.
ANSWER_SECONDS = 3600
MAIL_SECONDS = 7 * 24 * 3600

_ALGORITHM = "HS256"
_AUDIENCE = "report-file"


class InvalidLink(WarehouseError):
    """A link that nobody here has signed."""


class ExpiredLink(WarehouseError):
    """A link whose time is over."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: the file `name` of a run."""

    run_id: UUID
    name: str


def url(settings: Settings, link: Link, seconds: int) -> str:
    """The address of a file, good for `seconds`.

    Raises:
        SettingsError: there is no key to sign it with.
    """
    claims = {"aud": _AUDIENCE, "sub": str(link.run_id), "name": link.name, "exp": int(time.time()) + seconds}
    token = jwt.encode(claims, settings.link_secret(), algorithm=_ALGORITHM)
    return f"{settings.public_url}{RUNS_PATH}/{link.run_id}/file?token={quote(token)}"


def opened(settings: Settings, token: str) -> Link:
    """What the token of a link opens.

    Raises:
        InvalidLink, ExpiredLink: nothing.
        SettingsError: there is no key to check it with.
    """
    required = ["exp", "sub", "name"]
    try:
        claims = jwt.decode(
            token, settings.link_secret(), algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": required}
        )
    except jwt.ExpiredSignatureError as error:
        raise ExpiredLink("the link has expired", "ask for the run again: its answer has a new one") from error
    except jwt.PyJWTError as error:
        raise InvalidLink("the link is not valid", "take it from the answer or the e-mail, whole") from error
    return Link(UUID(claims["sub"]), str(claims["name"]))
