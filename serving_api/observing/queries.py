"""Around every query to ClickHouse: the id that finds it in ClickHouse, its meter, and its span."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from serving_api.observing import ids
from serving_api.observing.meters import Meters


@dataclass(frozen=True, slots=True)
class Sent:
    """What a query is sent with: HTTP headers, and parameters as text that begins with `&`."""

    headers: dict[str, str] = field(default_factory=dict)
    parameters: str = ""


class Watch:
    """Watches queries.

    Args:
        meters: count them; None = nobody does.
        tracer: makes their spans, None = no traces.
    """

    def __init__(self, meters: Meters | None = None, tracer: Tracer | None = None) -> None:
        self._meters = meters
        self._tracer = tracer

    @contextmanager
    def query(self, sql: str, database: str) -> Iterator[Sent]:
        """A query is under way; to be sent with what is given."""
        request = ids.current()
        query_id = None if request is None else request.next_query()
        parameters = "" if query_id is None else f"&query_id={query_id}"
        with self._metered():
            if self._tracer is None:
                yield Sent({}, parameters)
                return
            attributes = {
                "db.system.name": "clickhouse",
                "db.namespace": database,
                # Parameters are bound, so that the text says nothing of anybody.
                "db.query.text": sql,
            }
            if query_id is not None:
                attributes["clickhouse.query_id"] = query_id
            # Not the current span: what streams may end elsewhere than where it began.
            span = self._tracer.start_span("clickhouse", kind=SpanKind.CLIENT, attributes=attributes)
            headers: dict[str, str] = {}
            propagate.inject(headers, trace.set_span_in_context(span))
            try:
                yield Sent(headers, parameters)
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise
            finally:
                span.end()

    def _metered(self) -> AbstractContextManager[None]:
        return nullcontext() if self._meters is None else self._meters.query()
