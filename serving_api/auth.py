"""Who asks: the caller that a bearer token names, and the problems of tokens that name none."""

from __future__ import annotations

from dataclasses import dataclass

from serving_api.problems import FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE, Problem
from warehouse.settings import Settings
from warehouse.tokens import InvalidToken, KeysUnavailable, Role, Verifier, configured_keys, development_secret, sign

__all__ = ["Authority", "Caller", "Role", "authority", "development_secret", "sign"]

_CHALLENGE = 'Bearer realm="warehouse"'


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `sub` and `role` of the token."""

    subject: str
    role: Role

    def require(self, roles: frozenset[Role]) -> None:
        """Refuse a caller whose role is not among `roles`.

        Raises:
            Problem: 403.
        """
        if self.role not in roles:
            names = ", ".join(sorted(roles))
            challenge = f'{_CHALLENGE}, error="insufficient_scope"'
            raise Problem(
                FORBIDDEN,
                f"this is for {names}; the token's role is {self.role}",
                headers={"WWW-Authenticate": challenge},
            )


class Authority:
    """Checks tokens.

    Args:
        secret: shared secret of HS256 tokens, None = such tokens are refused.
        jwks_url: where the public keys of asymmetric tokens are, None = such tokens are refused.

    Raises:
        SettingsError: neither is given, or the secret is too short to be one.
    """

    def __init__(self, secret: str | None, jwks_url: str | None = None) -> None:
        self._verifier = Verifier(secret, jwks_url)

    async def caller(self, authorization: str | None) -> Caller:
        """The caller that an `Authorization` header names.

        Raises:
            Problem: 401 without a valid token; 503 when the keys cannot be fetched.
        """
        if authorization is None:
            raise Problem(UNAUTHENTICATED, "a token is needed", headers={"WWW-Authenticate": _CHALLENGE})
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise _refused("the Authorization header must be: Bearer <token>")
        try:
            token = await self._verifier.verify(text.strip())
        except InvalidToken as error:
            raise _refused(error.message) from error
        except KeysUnavailable as error:
            raise Problem(UNAVAILABLE, error.message) from error
        return Caller(token.subject, token.role)


def authority(settings: Settings) -> Authority:
    """The authority that the environment configures.

    Raises:
        SettingsError: it configures none, or a secret that is too short.
    """
    return Authority(*configured_keys(settings))


def _refused(detail: str) -> Problem:
    challenge = f'{_CHALLENGE}, error="invalid_token", error_description="{detail}"'
    return Problem(UNAUTHENTICATED, detail, headers={"WWW-Authenticate": challenge})
