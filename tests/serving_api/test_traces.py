"""Traces: spans of requests and queries reach a receiver of OTLP over HTTP, with nothing about a person in them."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import AnyHttpUrl, SecretStr

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse.settings import Settings

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Receiver:
    """Takes what is exported to it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        bodies, headers = self.bodies, self.headers

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers.append({name.lower(): value for name, value in self.headers.items()})
                if self.path == "/v1/traces":
                    bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for r in requests for resource in r.resource_spans for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.stop()


def attributes(span: Span) -> dict[str, str]:
    return {a.key: a.value.string_value or str(a.value.int_value) for a in span.attributes}


def test_a_request_and_its_queries_are_one_trace_that_the_caller_began(
    engine: Settings, url: str, receiver: Receiver
) -> None:
    settings = engine.model_copy(update={"otlp_endpoint": AnyHttpUrl(receiver.url)})
    headers = bearer(Role.ANALYST, "the-analyst") | {
        "traceparent": f"00-{TRACE}-{CALLER}-01",
        "X-Request-Id": "traced-request",
    }
    with serving(create_app(settings, Authority(SECRET))) as api:
        asked = {"freelancerId": "a-freelancer"}
        assert httpx.get(f"{api}/api/v1/marts/job_success_score", headers=headers, params=asked).status_code == 200
        httpx.get(f"{api}/health/live")
    # The end of the API has sent what was left.
    spans = receiver.spans()
    assert {span.trace_id.hex() for span in spans} == {TRACE}
    requests = [span for span in spans if span.kind == Span.SPAN_KIND_SERVER]
    queries = [span for span in spans if span.kind == Span.SPAN_KIND_CLIENT]
    (request,) = requests
    assert (request.name, request.parent_span_id.hex()) == ("GET /api/v1/marts/job_success_score", CALLER)
    assert attributes(request)["http.route"] == "/api/v1/marts/job_success_score"
    assert queries
    for query in queries:
        assert query.parent_span_id == request.span_id
        assert attributes(query)["clickhouse.query_id"].startswith("traced-request.")
        assert attributes(query)["db.system.name"] == "clickhouse"
    sent = b"".join(receiver.bodies)
    assert not [name for name in (b"a-freelancer", b"the-analyst") if name in sent]


def test_clickhouse_is_told_of_the_trace(engine: Settings, receiver: Receiver) -> None:
    stand_in = Receiver()
    server = {"clickhouse_url": AnyHttpUrl(stand_in.url), "reader_password": SecretStr("x")}
    settings = engine.model_copy(
        update=server | {"otlp_endpoint": AnyHttpUrl(receiver.url), "report_link_secret": SecretStr(SECRET)}
    )
    with serving(create_app(settings, Authority(SECRET))) as api:
        httpx.get(f"{api}/freshness", headers=bearer(Role.ANALYST) | {"traceparent": f"00-{TRACE}-{CALLER}-01"})
    stand_in.stop()
    (query,) = [span for span in receiver.spans() if span.kind == Span.SPAN_KIND_CLIENT]
    assert [sent["traceparent"] for sent in stand_in.headers] == [f"00-{TRACE}-{query.span_id.hex()}-01"]


def test_without_a_receiver_nothing_is_traced(engine: Settings, url: str) -> None:
    app = create_app(engine, Authority(SECRET))
    assert app._telemetry["tracing"] is False
    with serving(app) as api:
        assert httpx.get(f"{api}/api/v1/marts/revenue", headers=bearer(Role.ANALYST)).status_code == 200
