"""Who may ask what: role by endpoint, own rows only, and tokens that are none."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from serving_api.app import create_app
from serving_api.auth import Authority, Role, sign
from serving_api.endpoint import load
from tests.serving_api.conftest import SECRET, bearer, serving
from tests.serving_api.published import FREELANCERS
from warehouse.errors import SettingsError
from warehouse.settings import Settings

PLATFORM = {Role.ADMIN, Role.ANALYST}
SCORE = "/api/v1/marts/job_success_score"
#: Written down again here, so that a header cannot open a door by mistake.
MAY = {
    "/analytics/client/spend-analysis": PLATFORM | {Role.CLIENT},
    "/analytics/freelancer/earnings-chart": PLATFORM | {Role.FREELANCER},
    "/analytics/freelancer/overview": PLATFORM | {Role.FREELANCER},
    "/api/analytics/chat/average-session": PLATFORM,
    "/api/analytics/chat/by-provider": PLATFORM,
    "/api/analytics/chat/conversations": PLATFORM,
    "/api/analytics/chat/messages": PLATFORM,
    "/api/analytics/chat/tokens": PLATFORM,
    "/api/analytics/client/spend": PLATFORM | {Role.CLIENT},
    "/api/analytics/freelancer/earnings": PLATFORM | {Role.FREELANCER},
    "/api/analytics/providers/costs": PLATFORM,
    "/api/analytics/providers/performance": PLATFORM,
    "/api/analytics/providers/popularity": PLATFORM,
    "/api/analytics/providers/usage": PLATFORM,
    "/api/analytics/revenue/arr": PLATFORM,
    "/api/analytics/revenue/by-plan": PLATFORM,
    "/api/analytics/revenue/churn-rate": PLATFORM,
    "/api/analytics/revenue/mrr": PLATFORM,
    "/api/analytics/revenue/total": PLATFORM,
    "/api/analytics/users/active": PLATFORM,
    "/api/analytics/users/by-plan": PLATFORM,
    "/api/analytics/users/count": PLATFORM,
    "/api/analytics/users/growth": PLATFORM,
    "/api/analytics/users/retention": PLATFORM,
    "/api/events": {Role.ADMIN},
    "/api/metrics/{type}": PLATFORM | {Role.VENDOR},
    "/api/v1/admin/analytics/creator-levels": PLATFORM,
    "/api/v1/admin/analytics/creators": PLATFORM,
    "/api/v1/admin/analytics/dashboard": PLATFORM,
    "/api/v1/admin/analytics/fraud": PLATFORM,
    "/api/v1/admin/analytics/quality": PLATFORM,
    "/api/v1/admin/analytics/system-health": PLATFORM,
    "/api/v1/analytics/activity": set(Role) - {Role.SERVICE},
    "/api/v1/analytics/client/placements": PLATFORM | {Role.CLIENT},
    "/api/v1/analytics/creator/dashboard": PLATFORM | {Role.CREATOR},
    "/api/v1/analytics/creator/earnings": PLATFORM | {Role.CREATOR},
    "/api/v1/analytics/uploader/dashboard": PLATFORM | {Role.UPLOADER},
    "/api/v1/analytics/vendor/dashboard": PLATFORM | {Role.VENDOR},
    "/api/v1/anomalies": PLATFORM,
    "/api/v1/charts/job-categories": PLATFORM,
    "/api/v1/charts/user-growth": PLATFORM,
    "/api/v1/dashboard": PLATFORM,
    "/api/v1/export/jobs": PLATFORM,
    "/api/v1/export/matching": PLATFORM,
    "/api/v1/export/payouts": PLATFORM,
    "/api/v1/export/revenue": PLATFORM,
    "/api/v1/export/users": PLATFORM,
    "/api/v1/forecasts": PLATFORM,
    "/api/v1/marts/daily_metrics": PLATFORM,
    SCORE: PLATFORM | {Role.FREELANCER},
    "/api/v1/marts/revenue": PLATFORM,
    "/api/v1/marts/user_metrics": PLATFORM,
    "/api/v1/metrics/jobs": PLATFORM,
    "/api/v1/metrics/matching": PLATFORM,
    "/api/v1/metrics/revenue": PLATFORM,
    "/api/v1/metrics/users": PLATFORM,
    "/api/v1/outlook": PLATFORM,
    "/api/v1/reports/summary": PLATFORM,
    "/catalog": PLATFORM,
    "/explain/creator-level": PLATFORM | {Role.CREATOR},
    "/explain/job-success-score": PLATFORM | {Role.FREELANCER},
    "/freshness": set(Role),
    "/lineage/{mart}": PLATFORM,
    "/adjustments": PLATFORM,
    "/revisions": PLATFORM,
}
#: Whose pages have an owner.
PAGES = [
    path for path, roles in MAY.items() if roles - PLATFORM and path not in (SCORE, "/freshness", "/api/metrics/{type}")
]
OPEN = ("/health", "/status", "/openapi.json", "/docs", "/", "/dashboards")


def test_the_matrix_names_every_endpoint() -> None:
    assert set(MAY) - {"/freshness"} == {endpoint.header.path for endpoint in load()}


@pytest.mark.parametrize("path", MAY)
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_exactly_what_it_should(url: str, path: str, role: Role) -> None:
    answer = httpx.get(
        url + path.replace("{type}", "seller_revenue:free-1").replace("{mart}", "revenue"),
        headers=bearer(role, "free-1"),
    )
    if role in MAY[path]:
        assert answer.status_code == 200
        return
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("path", MAY)
def test_without_a_token_nothing(url: str, path: str) -> None:
    answer = httpx.get(url + path.replace("{type}", "daily_signups").replace("{mart}", "revenue"))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="warehouse"'
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("path", OPEN)
def test_some_paths_are_open(url: str, path: str) -> None:
    assert httpx.get(url + path).status_code == 200


def test_freelancers_see_their_own_row(url: str) -> None:
    for freelancer in FREELANCERS:
        headers = bearer(Role.FREELANCER, freelancer)
        for query in ({}, {"freelancerId": freelancer}):
            answer = httpx.get(url + SCORE, headers=headers, params=query)
            assert [row["freelancer_id"] for row in answer.json()["data"]] == [freelancer]
    other = httpx.get(url + SCORE, headers=bearer(Role.FREELANCER, "free-1"), params={"freelancerId": "free-2"})
    assert (other.status_code, other.json()["data"]) == (200, [])
    nobody = httpx.get(url + SCORE, headers=bearer(Role.FREELANCER, "' or 1 = 1 --"))
    assert (nobody.status_code, nobody.json()["data"]) == (200, [])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_its_owners(url: str, path: str) -> None:
    role = min(MAY[path] - PLATFORM)
    own = httpx.get(url + path, headers=bearer(role, "free-1"))
    named = httpx.get(url + path, headers=bearer(role, "free-1"), params={"userId": "free-1"})
    asked_for = httpx.get(url + path, headers=bearer(Role.ANALYST), params={"userId": "free-1"})
    assert own.content == named.content == asked_for.content
    other = httpx.get(url + path, headers=bearer(role, "free-2"))
    nobody = httpx.get(url + path, headers=bearer(role, "nobody' or 1 = 1"))
    assert len({own.content, other.content, nobody.content}) == 3
    refused = httpx.get(url + path, headers=bearer(role, "free-2"), params={"userId": "free-1"})
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    kept = httpx.get(url + path, headers=bearer(role, "free-2") | {"If-None-Match": own.headers["etag"]})
    assert kept.content == other.content


def test_a_vendor_has_his_own_metrics(url: str) -> None:
    def status(vendor: str, type_: str) -> int:
        return httpx.get(f"{url}/api/metrics/{type_}", headers=bearer(Role.VENDOR, vendor)).status_code

    assert [status("free-1", f"seller_revenue:{vendor}") for vendor in ("free-1", "free-2")] == [200, 404]
    assert [status("free-1", type_) for type_ in ("product_views:p1", "daily_signups")] == [200, 404]
    assert status("nobody", "seller_revenue:free-1") == 404


def test_what_one_sees_is_not_kept_for_another(url: str) -> None:
    everything = httpx.get(url + SCORE, headers=bearer(Role.ADMIN, "free-1"))
    own = httpx.get(url + SCORE, headers=bearer(Role.FREELANCER, "free-1"))
    others = httpx.get(url + SCORE, headers=bearer(Role.FREELANCER, "free-2"))
    assert len({answer.headers["etag"] for answer in (everything, own, others)}) == 3
    assert [answer.json()["meta"]["rows"] for answer in (everything, own, others)] == [4, 1, 1]
    stolen = httpx.get(
        url + SCORE, headers=bearer(Role.FREELANCER, "free-2") | {"If-None-Match": everything.headers["etag"]}
    )
    assert stolen.status_code == 200


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: object) -> str:
    good = {"sub": "somebody", "role": "admin", "exp": time.time() + 3600}
    merged = {name: value for name, value in (good | claims).items() if value is not None}
    return jwt.encode(merged, secret, algorithm=algorithm)


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("Basic YTpi", "must be: Bearer"),
        ("Bearer", "not valid"),
        ("Bearer nonsense", "not valid"),
        (f"Bearer {token(secret='another-secret-of-more-than-32-bytes-length')}", "not valid"),
        (f"Bearer {token(algorithm='HS512')}", "not valid"),
        (f"Bearer {token(secret='', algorithm='none')}", "not valid"),
        (f"Bearer {token(exp=time.time() - 3600)}", "expired"),
        (f"Bearer {token(exp=None)}", "no claim exp"),
        (f"Bearer {token(sub=None)}", "no claim sub"),
        (f"Bearer {token(sub='')}", "sub must have"),
        (f"Bearer {token(sub='x' * 201)}", "sub must have"),
        (f"Bearer {token(sub=chr(0xD800))}", "sub must have"),
        (f"Bearer {token(role=None)}", "no claim role"),
        (f"Bearer {token(role='root')}", "claim role must be"),
        (f"Bearer {token(role=['admin'])}", "claim role must be"),
    ],
)
def test_a_bad_token_is_refused_with_a_reason(url: str, authorization: str, reason: str) -> None:
    answer = httpx.get(f"{url}/api/v1/marts/revenue", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert reason in answer.json()["detail"]
    assert answer.headers["www-authenticate"].startswith('Bearer realm="warehouse", error="invalid_token"')


@pytest.mark.parametrize(("secret", "jwks"), [("short", None), (None, None)])
def test_weak_or_missing_keys_are_refused_at_start(secret: str | None, jwks: str | None) -> None:
    with pytest.raises(SettingsError):
        Authority(secret, jwks)


@pytest.fixture(scope="module")
def issuer() -> Iterator[tuple[str, rsa.RSAPrivateKey]]:
    """A server of public keys, and the private key of the one it has."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    document = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    body = json.dumps({"keys": [document | {"kid": "one", "alg": "RS256", "use": "sig"}]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Keys)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/keys", private
    server.shutdown()
    server.server_close()
    thread.join()


def test_tokens_of_an_issuer_with_public_keys(
    engine: Settings, url: str, issuer: tuple[str, rsa.RSAPrivateKey]
) -> None:
    address, private = issuer
    claims = {"sub": "free-1", "role": "freelancer", "exp": time.time() + 3600}
    signed = jwt.encode(claims, private, algorithm="RS256", headers={"kid": "one"})
    unknown = jwt.encode(claims, private, algorithm="RS256", headers={"kid": "two"})
    with serving(create_app(engine, Authority(None, address))) as api:
        good = httpx.get(api + SCORE, headers={"Authorization": f"Bearer {signed}"})
        assert (good.status_code, good.json()["meta"]["rows"]) == (200, 1)
        for bad in (unknown, sign(SECRET, "free-1", Role.ADMIN)):
            assert httpx.get(api + SCORE, headers={"Authorization": f"Bearer {bad}"}).status_code == 401
    with serving(create_app(engine, Authority(None, "http://127.0.0.1:1/keys"))) as api:
        away = httpx.get(api + SCORE, headers={"Authorization": f"Bearer {signed}"})
        assert (away.status_code, "retry-after" in away.headers) == (503, True)
