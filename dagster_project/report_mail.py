"""E-mails about reports: the file or a link to it for those it is for, a failure for the owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dagster_project.report_chart import chart
from serving_api.reports import links
from serving_api.reports.request import Request
from serving_api.reports.runs import Outcome
from serving_api.reports.shelf import Shelf
from warehouse.mail import send
from warehouse.settings import Settings

#: Larger files are linked: mail servers refuse messages from 10 MB on, and base64 adds a third.
ATTACHED_BYTES = 5 << 20

_CHART = "chart@report"
_templates = Environment(
    loader=PackageLoader("dagster_project"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is sent: the outcome of a run.

    Attributes:
        run_id: the run.
        name: of the report.
        request: what it was made of.
        outcome: what was made.
        recipients: whom it is for.
    """

    run_id: UUID
    name: str
    request: Request
    outcome: Outcome
    recipients: tuple[str, ...]


def deliver(settings: Settings, delivery: Delivery) -> dict[str, str]:
    """Send a report; returns the recipients that the mail server refused, with its reasons.

    Raises:
        WarehouseError: no mail server is configured, it does not take the message, or ClickHouse is away.
    """
    outcome, run_id = delivery.outcome, delivery.run_id
    file = Shelf(settings).find(run_id, outcome.file) if outcome.size <= ATTACHED_BYTES else None
    attached = file if isinstance(file, Path) else None
    picture = chart(delivery.request, outcome.generation, settings)
    message = _message(
        settings,
        "report",
        to=delivery.recipients,
        subject=f"{delivery.name} ({outcome.generation})" if delivery.request.as_of else delivery.name,
        message_id=f"<{run_id}@warehouse>",
        chart=picture,
        delivery=delivery,
        outcome=outcome,
        attached=attached is not None,
        link=links.url(settings, links.Link(run_id, outcome.file), links.MAIL_SECONDS),
        days=links.MAIL_SECONDS // 86_400,
    )
    if attached is not None:
        kind, _, subkind = (guess_type(outcome.file)[0] or "application/octet-stream").partition("/")
        message.add_attachment(attached.read_bytes(), maintype=kind, subtype=subkind, filename=outcome.file)
    return send(settings, message)


def tell_owner(settings: Settings, *, owner: str, name: str, run_id: UUID, error: str) -> None:
    """Tell the owner of a report that a run has failed.

    Raises:
        WarehouseError: as `deliver`.
    """
    run_url = f"{str(settings.dagster_url or f'http://127.0.0.1:{settings.dagster_port}').rstrip('/')}/runs/{run_id}"
    message = _message(
        settings,
        "failure",
        to=[owner],
        subject=f"Failed: {name}",
        message_id=f"<failure-{run_id}@warehouse>",
        chart=None,
        name=name,
        error=error,
        run_url=run_url,
    )
    send(settings, message)


def _message(
    settings: Settings,
    template: str,
    *,
    to: Sequence[str],
    subject: str,
    message_id: str,
    chart: bytes | None,
    **said: Any,
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.smtp_from
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    # The same run, the same message: who gets it twice can tell.
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_templates.get_template(f"{template}.txt.j2").render(said))
    html = _templates.get_template(f"{template}.html.j2").render(said, chart=_CHART if chart else None)
    message.add_alternative(html, subtype="html")
    if chart is not None:
        body: Any = message.get_payload(1)
        body.add_related(chart, "image", "png", cid=f"<{_CHART}>", filename="chart.png", disposition="inline")
    return message
