"""A private mail server on a free loopback port, which keeps what it is sent: aiosmtpd."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.servers.certificates import throw_away
from tests.servers.ports import free_port

USER, PASSWORD = "reports", "a secret: of/tests"


@dataclass
class MailServer:
    """A running server.

    Attributes:
        url: of SMTP_URL, without a login.
        certificate: what its clients must trust.
        received: messages with the recipients it took them for.
        refuses: addresses it does not know.
    """

    url: str
    certificate: Path
    received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos, message))
        return "250 OK"


@contextmanager
def running_mail(folder: Path, *, login: bool = True) -> Iterator[MailServer]:
    """Serves mail, encrypted by STARTTLS and with a login unless it is told otherwise."""
    certificates = throw_away(folder)
    context = certificates.context()

    def authenticated(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    server = MailServer("", certificates.authority)
    port = free_port()
    controller = Controller(
        server, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
        auth_required=login, authenticator=authenticated,
    )  # fmt: skip
    controller.start()
    server.url = f"smtp://127.0.0.1:{port}"
    try:
        yield server
    finally:
        controller.stop()
