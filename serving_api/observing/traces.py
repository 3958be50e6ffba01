"""Traces by OpenTelemetry, where somebody receives them: of requests by FastAPI itself, of queries by `queries`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from serving_api.observing.requests import WATCHERS
from warehouse.errors import SettingsError
from warehouse.settings import Settings

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span, TracerProvider
    from starlette.types import Scope

_SERVICE = "marketplace-warehouse-api"
# What these say may be about a person; the route says enough.
_UNTOLD = ("url.path", "url.query")


def provider(settings: Settings) -> TracerProvider | None:
    """Sends spans to OTEL_EXPORTER_OTLP_ENDPOINT over HTTP; sampler, headers and name as OpenTelemetry has them.

    Returns:
        None where the variable is not set; whoever calls shuts the provider down.

    Raises:
        SettingsError: the packages for it are not installed.
    """
    if settings.otlp_endpoint is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry's SDK is not installed",
            "install the project with its extra `otel`, or unset OTEL_EXPORTER_OTLP_ENDPOINT",
        ) from error

    class Discreet(SpanProcessor):
        """Takes out of a span what may be about a person, before anybody sees it."""

        def on_start(self, span: Span, parent_context: Context | None = None) -> None:
            span.set_attributes({name: "…" for name in _UNTOLD if name in (span.attributes or {})})

    resource = Resource.create({} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": _SERVICE})
    made = TracerProvider(resource=resource)
    made.add_span_processor(Discreet())
    endpoint = f"{str(settings.otlp_endpoint).rstrip('/')}/v1/traces"
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return made


def telemetry(made: TracerProvider | None) -> TelemetryConfig:
    """What FastAPI is told: spans of requests to this provider, nothing else, and nothing from the environment."""
    return {
        "tracer_provider": made,
        "tracing": made is not None,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": _is_watching,
    }


def _is_watching(scope: Scope) -> bool:
    return scope["path"] in WATCHERS
