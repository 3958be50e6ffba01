"""What is logged, one line each: text for a person at a terminal, JSON for everything that collects logs."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from opentelemetry import trace

from serving_api.observing import ids

Form = Literal["text", "json"]

#: Where a record keeps what it says, name by name: `_log.info("…", extra={FIELDS: {…}})`.
FIELDS = "fields"
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class JsonLines(logging.Formatter):
    """A record as one JSON object: time, level, logger, its fields or else its message, ids of request and trace."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, FIELDS, None)
        line |= {"message": record.getMessage()} if fields is None else fields
        request = ids.current()
        if request is not None:
            line["request_id"] = request.text
        span = trace.get_current_span().get_span_context()
        if span.is_valid:
            line["trace_id"] = trace.format_trace_id(span.trace_id)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure(form: Form | None = None) -> None:
    """Log to stderr from INFO on.

    Args:
        form: text or json; by default text at a terminal, else json.
    """
    if form is None:
        form = "text" if sys.stderr.isatty() else "json"
    # What no line says need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
