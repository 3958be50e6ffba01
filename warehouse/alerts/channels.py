"""Where messages go: a webhook that understands what Slack's does, and e-mail."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urlsplit

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError, LocationValueError

from warehouse import loopback, mail
from warehouse.alerts.messages import Message
from warehouse.errors import SettingsError, WarehouseError
from warehouse.settings import Settings

_SECONDS = 10.0


class Channel(Protocol):
    """A way to people."""

    @property
    def name(self) -> str:
        """Tells channels apart."""
        ...

    def deliver(self, message: Message, number: int) -> str:
        """Hand over a message; returns a remark where it reached not everybody.

        Args:
            message: what it says.
            number: of the message, by which one that came twice can be told.

        Raises:
            WarehouseError: it was not taken; names no secret.
        """
        ...


class Webhook:
    """Posts `{"text": …}` to ALERT_WEBHOOK_URL, which Slack, Mattermost, Rocket.Chat and others understand.

    Raises:
        SettingsError: the address is none, or would carry the message unencrypted beyond loopback.
    """

    name = "webhook"

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host = address.hostname or ""
        if address.scheme not in ("http", "https") or not self._host:
            raise SettingsError("ALERT_WEBHOOK_URL is no address", "set it to https://host/…, as the chat gives it")
        if address.scheme == "http" and self._host not in loopback.NAMES:
            raise SettingsError("ALERT_WEBHOOK_URL is not encrypted", "use https://")
        self._url = url

    def deliver(self, message: Message, number: int) -> str:
        """Post it; anything but a status of 200 to 299 is a failure."""
        del number  # webhooks know no ids
        body = json.dumps({"text": f"*{_plain(message.subject)}*\n{_plain(message.text)}"})
        try:
            answer = PoolManager().request(
                "POST",
                self._url,
                body=body,
                headers={"Content-Type": "application/json"},
                timeout=Timeout(_SECONDS),
                retries=False,
                redirect=False,
            )
        except (HTTPError, LocationValueError) as error:
            # Without the error's own text: it holds the address, which is the secret.
            raise WarehouseError(
                f"the webhook at {self._host} could not be reached ({type(error).__name__})", "check ALERT_WEBHOOK_URL"
            ) from None
        if not 200 <= answer.status < 300:
            raise WarehouseError(f"the webhook at {self._host} answered {answer.status}", "check ALERT_WEBHOOK_URL")
        return ""


class Mail:
    """E-mails to ALERT_EMAIL_TO by the mail server of SMTP_URL."""

    name = "mail"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def deliver(self, message: Message, number: int) -> str:
        """Send it; a remark names the addresses that the server refused."""
        mailed = EmailMessage()
        mailed["From"] = self._settings.smtp_from
        mailed["To"] = ", ".join(self._settings.alert_email_to)
        mailed["Subject"] = message.subject
        mailed["Date"] = format_datetime(datetime.now(UTC))
        mailed["Message-ID"] = f"<alert-{number}@warehouse>"
        mailed["Auto-Submitted"] = "auto-generated"
        if message.severity == "critical":
            mailed["Importance"] = "high"
        mailed.set_content(message.text)
        refused = mail.send(self._settings, mailed)
        return "; ".join(f"{address}: {reason}" for address, reason in refused.items())


def channels(settings: Settings) -> list[Channel]:
    """Those that are configured.

    Raises:
        SettingsError: one cannot be used as it is configured.
    """
    configured: list[Channel] = []
    if settings.alert_webhook_url is not None:
        configured.append(Webhook(settings.alert_webhook_url.get_secret_value()))
    if settings.alert_email_to:
        if settings.smtp_url is None:
            raise SettingsError("ALERT_EMAIL_TO is set, but SMTP_URL is not", "set SMTP_URL, or unset ALERT_EMAIL_TO")
        configured.append(Mail(settings))
    return configured


def _plain(text: str) -> str:
    """Text as Slack wants it: what could be its markup is escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
