"""Handing a message to the mail server of SMTP_URL, always encrypted beyond loopback."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from warehouse import loopback
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

_SECONDS = 30.0
_PORTS = {"smtp": 587, "smtps": 465}
_HINT = "check SMTP_URL, SMTP_FROM and the log of the mail server"


def send(settings: Settings, message: EmailMessage) -> dict[str, str]:
    """Hand over a message; returns refused recipients with the server's reasons.

    Raises:
        WarehouseError: there is no server, it does not answer, or it refuses all of them.
    """
    if settings.smtp_url is None:
        raise WarehouseError(
            "there is no mail server to send mail with", "set SMTP_URL, e.g. smtp://user:password@host:587"
        )
    address = urlsplit(settings.smtp_url.get_secret_value())
    host, port = address.hostname or "localhost", address.port or _PORTS.get(address.scheme, 0)
    if address.scheme not in _PORTS:
        raise WarehouseError("SMTP_URL does not begin with smtp:// or smtps://", "correct SMTP_URL")
    trusted = ssl.create_default_context()
    try:
        connection = (
            smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=trusted)
            if address.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=_SECONDS)
        )
        with connection as server:
            server.ehlo()
            if address.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=trusted)
                server.ehlo()
            elif address.scheme == "smtp" and host not in loopback.NAMES:
                raise WarehouseError(f"the mail server {host} offers no encryption", "use another port or smtps://")
            if address.username:
                server.login(unquote(address.username), unquote(address.password or ""))
            refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # What servers say back may hold the login.
        code = getattr(error, "smtp_code", None)
        said = f"{type(error).__name__}{f' {code}' if code else ''}"
        raise WarehouseError(f"the mail server {host}:{port} did not take the message ({said})", _HINT) from error
    return {to: f"{code} {reason.decode(errors='replace')}" for to, (code, reason) in refused.items()}
