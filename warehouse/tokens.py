"""Bearer tokens (JWT) with a role, signed with a shared secret or with a key of a JWKS document."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp
import jwt

from warehouse.errors import SettingsError, WarehouseError
from warehouse.settings import Settings

MINIMUM_SECRET_BYTES = 32
DEVELOPMENT_TOKEN_SECONDS = 7 * 24 * 3600
JWKS_SECONDS = 300
# An unknown key id makes us look again, but no oftener than this: anybody can send one.
JWKS_RETRY_SECONDS = 10
CLOCK_SKEW_SECONDS = 5
LONGEST_SUBJECT = 200

_SYMMETRIC = "HS256"
_PUBLIC_KEY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class Role(StrEnum):
    """Roles a token may carry."""

    ADMIN = "admin"
    ANALYST = "analyst"
    UPLOADER = "uploader"
    CREATOR = "creator"
    FREELANCER = "freelancer"
    CLIENT = "client"
    VENDOR = "vendor"
    SERVICE = "service"


class InvalidToken(WarehouseError):
    """A token that is none, or not in force; the message may be told to its bearer."""


class KeysUnavailable(WarehouseError):
    """The keys that tokens are checked with cannot be fetched."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a valid token says; `expires_at` in seconds since 1970."""

    subject: str
    role: Role
    expires_at: float


class Verifier:
    """Checks tokens.

    Args:
        secret: shared secret of HS256 tokens, None = such tokens are refused.
        jwks_url: where the public keys of asymmetric tokens are, None = such tokens are refused.

    Raises:
        SettingsError: neither is given, or the secret is too short to be one.
    """

    def __init__(self, secret: str | None, jwks_url: str | None = None) -> None:
        if secret is None and jwks_url is None:
            raise SettingsError("there is no key to check tokens with", "set API_JWT_SECRET or API_JWKS_URL")
        if secret is not None and len(secret.encode()) < MINIMUM_SECRET_BYTES:
            raise SettingsError(
                f"API_JWT_SECRET has fewer than {MINIMUM_SECRET_BYTES} bytes",
                "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        self._secret = secret
        self._jwks = None if jwks_url is None else _Jwks(jwks_url)

    async def verify(self, token: str) -> Token:
        """What a token says.

        Raises:
            InvalidToken: it is not valid; says why.
            KeysUnavailable: its key cannot be fetched.
        """
        try:
            claims = await self._claims(token)
        except jwt.ExpiredSignatureError as error:
            raise InvalidToken("the token has expired") from error
        except jwt.MissingRequiredClaimError as error:
            raise InvalidToken(f"the token has no claim {error.claim}") from error
        except jwt.PyJWTError as error:
            raise InvalidToken("the token is not valid") from error
        subject, role = claims["sub"], claims["role"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT or not _is_text(subject):
            raise InvalidToken(f"the claim sub must have 1 to {LONGEST_SUBJECT} characters")
        if not isinstance(role, str) or role not in set(Role):
            raise InvalidToken(f"the claim role must be one of {', '.join(Role)}")
        return Token(subject, Role(role), float(claims["exp"]))

    async def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        key: str | jwt.PyJWK
        # The algorithm chooses the key, so that a public key can never pass for a shared secret.
        if algorithm == _SYMMETRIC and self._secret is not None:
            key = self._secret
        elif algorithm in _PUBLIC_KEY and self._jwks is not None:
            key = await self._jwks.key(header.get("kid"))
        else:
            raise jwt.InvalidAlgorithmError
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["exp", "sub", "role"], "verify_aud": False},
        )
        return claims


def development_secret() -> str:
    """A secret for a process on loopback that was given none; gone when the process is."""
    return secrets.token_urlsafe(MINIMUM_SECRET_BYTES)


def sign(secret: str, subject: str, role: Role, seconds: int = DEVELOPMENT_TOKEN_SECONDS) -> str:
    """A token of `subject` in `role`, valid for `seconds`."""
    claims = {"sub": subject, "role": role.value, "exp": int(time.time()) + seconds}
    return jwt.encode(claims, secret, algorithm=_SYMMETRIC)


def configured_keys(settings: Settings) -> tuple[str | None, str | None]:
    """The shared secret and the JWKS address that the environment gives; None where it gives none."""
    secret, url = settings.api_jwt_secret, settings.api_jwks_url
    return None if secret is None else secret.get_secret_value(), None if url is None else str(url)


class _Jwks:
    """The public keys of a JWKS document by key id, fetched when needed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched = float("-inf")

    async def key(self, kid: str | None) -> jwt.PyJWK:
        age = time.monotonic() - self._fetched
        if age > JWKS_SECONDS or (kid not in self._keys and age > JWKS_RETRY_SECONDS):
            try:
                self._keys = await self._fetch()
            except (aiohttp.ClientError, TimeoutError, jwt.PyJWTError, ValueError) as error:
                # Known keys stay good while their issuer is away.
                if kid not in self._keys:
                    raise KeysUnavailable("the keys of tokens cannot be fetched") from error
            self._fetched = time.monotonic()
        if kid not in self._keys:
            raise jwt.InvalidKeyError
        return self._keys[kid]

    async def _fetch(self) -> dict[str | None, jwt.PyJWK]:
        timeout = aiohttp.ClientTimeout(total=5)
        async with (
            aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
            session.get(self._url) as answer,
        ):
            document = await answer.json(content_type=None)
        if not isinstance(document, dict):
            raise jwt.PyJWKSetError("not a JWKS document")
        return {key.key_id: key for key in jwt.PyJWKSet.from_dict(document).keys}


def _is_text(value: str) -> bool:
    # JSON can hold halves of surrogate pairs, which nothing can be compared with.
    return not any("\ud800" <= character <= "\udfff" for character in value)
