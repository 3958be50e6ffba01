"""Who may send: callers with an API key, or with a token whose role is `service` or `admin`."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingestion.doors.collector.problems import FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE
from warehouse import secret_files
from warehouse.errors import SettingsError
from warehouse.problems import Problem
from warehouse.settings import DEVELOPMENT_KEY, Settings, generated_credentials
from warehouse.tokens import InvalidToken, KeysUnavailable, Role, Verifier, configured_keys, sign

MINIMUM_KEY_CHARACTERS = 16
_OWN_TOKEN_SECONDS = 300
#: A verified token is not looked at again for so long.
_REMEMBERED_SECONDS, _REMEMBERED_TOKENS = 60.0, 1_000

_CHALLENGE = 'Bearer realm="collector"'


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that may send; only its hash is kept."""

    name: str
    digest: bytes
    role: Role


class Access:
    """Checks what a request brings.

    Args:
        keys: the API keys there are.
        verifier: checks tokens; None = tokens are refused.
    """

    def __init__(self, keys: list[ApiKey], verifier: Verifier | None) -> None:
        self._keys = keys
        self._verifier = verifier
        self._remembered: dict[bytes, tuple[Role, float]] = {}

    async def role(self, headers: Mapping[bytes, bytes]) -> Role:
        """The role in which a request is sent.

        Raises:
            Problem: 401 without a valid key or token; 503 when the keys of tokens cannot be fetched.
        """
        presented = headers.get(b"x-api-key")
        if presented is not None:
            role = self._by_key(hashlib.sha256(presented.strip()).digest())
            if role is None:
                raise _refused("the API key is not known")
            return role
        authorization = headers.get(b"authorization")
        if authorization is None:
            raise Problem(UNAUTHENTICATED, "an API key or a token is needed", {"WWW-Authenticate": _CHALLENGE})
        scheme, _, text = authorization.partition(b" ")
        if scheme.lower() != b"bearer":
            raise _refused("the Authorization header must be: Bearer <key or token>")
        digest = hashlib.sha256(text.strip()).digest()
        return self._by_key(digest) or self._by_memory(digest) or await self._by_token(digest, text.strip())

    def _by_key(self, digest: bytes) -> Role | None:
        found = None
        for key in self._keys:  # all of them, so that the time tells nothing
            if hmac.compare_digest(key.digest, digest):
                found = key.role
        return found

    def _by_memory(self, digest: bytes) -> Role | None:
        role, until = self._remembered.get(digest, (None, 0.0))
        return role if time.time() < until else None

    async def _by_token(self, digest: bytes, text: bytes) -> Role:
        if self._verifier is None:
            raise _refused("the API key is not known")
        try:
            token = await self._verifier.verify(text.decode("latin-1"))
        except InvalidToken as error:
            raise _refused(error.message) from error
        except KeysUnavailable as error:
            raise Problem(UNAVAILABLE, error.message) from error
        if len(self._remembered) >= _REMEMBERED_TOKENS:
            self._remembered.clear()
        self._remembered[digest] = (token.role, min(token.expires_at, time.time() + _REMEMBERED_SECONDS))
        return token.role


def require(role: Role, allowed: frozenset[Role]) -> None:
    """Raises Problem (403) for a role that is not allowed."""
    if role not in allowed:
        raise Problem(
            FORBIDDEN,
            f"this is for {', '.join(sorted(allowed))}; yours is {role}",
            {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope"'},
        )


def configured_access(settings: Settings) -> Access | None:
    """The access that the environment configures; None when it configures no key at all.

    Raises:
        SettingsError: COLLECTOR_API_KEYS or API_JWT_SECRET cannot be used.
    """
    given = settings.collector_api_keys
    keys = [] if given is None else api_keys(given.get_secret_value())
    secret, jwks_url = configured_keys(settings)
    if not keys and secret is None and jwks_url is None:
        return None
    return Access(keys, Verifier(secret, jwks_url) if secret is not None or jwks_url is not None else None)


def development_access(settings: Settings) -> tuple[Access, str]:
    """Access with the key of this home, in every role there is, for a collector on loopback; and the key."""
    key = generated_credentials(settings.home)[DEVELOPMENT_KEY]
    return Access([ApiKey("development", hashlib.sha256(key.encode()).digest(), Role.ADMIN)], None), key


def own_key(settings: Settings) -> str | None:
    """What the warehouse itself shows at its collector; None where only others can sign.

    Raises:
        SettingsError: COLLECTOR_API_KEYS or API_JWT_SECRET cannot be used.
    """
    if settings.collector_api_keys is not None:
        return _pairs(settings.collector_api_keys.get_secret_value())[0][1]
    secret, jwks_url = configured_keys(settings)
    if secret is not None:
        return sign(secret, "warehouse", Role.SERVICE, seconds=_OWN_TOKEN_SECONDS)
    return None if jwks_url is not None else generated_credentials(settings.home)[DEVELOPMENT_KEY]


def api_keys(given: str) -> list[ApiKey]:
    """Keys of `name:key` pairs between commas or on lines of their own, or in a file (a path).

    Raises:
        SettingsError: the file is not there or open to others, or a pair is none.
    """
    return [ApiKey(name, hashlib.sha256(key.encode()).digest(), Role.SERVICE) for name, key in _pairs(given)]


def _pairs(given: str) -> list[tuple[str, str]]:
    if given.startswith(("/", "~", ".")):
        given = secret_files.read(Path(given).expanduser(), "COLLECTOR_API_KEYS")
    pairs = []
    for text in (text.strip() for line in given.splitlines() for text in line.split(",")):
        if not text or text.startswith("#"):
            continue
        name, _, key = text.partition(":")
        if not name or len(key) < MINIMUM_KEY_CHARACTERS:
            raise SettingsError(
                f"COLLECTOR_API_KEYS: not a pair name:key with at least {MINIMUM_KEY_CHARACTERS} characters of key",
                "make a key: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        pairs.append((name, key))
    if not pairs:
        raise SettingsError("COLLECTOR_API_KEYS holds no key", "give name:key pairs, or unset it")
    return pairs


def _refused(detail: str) -> Problem:
    return Problem(UNAUTHENTICATED, detail, {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'})
