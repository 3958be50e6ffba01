"""The built page is that of its sources, light, kept for long by browsers, and runs nothing from elsewhere."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from serving_api.dashboard import assets

MOST_BYTES = 350 << 10
LOCK = assets.WEB / "package-lock.json"


def test_the_built_page_is_that_of_its_sources() -> None:
    built = assets.STAMP.read_text("utf-8").strip()
    assert built == assets.sources_hash(), "the page is older than its sources: make dashboard"


def test_it_is_light() -> None:
    assert 50 << 10 < assets.weight() < MOST_BYTES


def test_the_lock_file_names_no_registry() -> None:
    text = LOCK.read_text("utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') >= 10


@pytest.mark.parametrize("path", ["/", "/dashboards", "/dashboards/platform"])
def test_the_page_is_open_and_asked_for_anew(url: str, path: str) -> None:
    answer = httpx.get(url + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert re.findall(r"<script(?![^>]* src=)", answer.text) == []
    again = httpx.get(url + path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_have_names_of_their_own_and_are_kept(url: str) -> None:
    names = re.findall(r'"/dashboard/assets/([^"]+)"', httpx.get(url).text)
    assert any(name.endswith(".js") for name in names)
    for name in names:
        assert re.search(r"-[\w-]{8}\.\w+$", name), name
        path, plain = f"{url}/dashboard/assets/{name}", (assets.ASSETS / name).read_bytes()
        for encoding in ("br", "gzip", "identity"):
            with httpx.stream("GET", path, headers={"Accept-Encoding": encoding}) as answer:
                raw = b"".join(answer.iter_raw())
                assert "immutable" in answer.headers["cache-control"]
                sent = answer.headers.get("content-encoding", "identity")
                # A plain one is for everybody.
                assert answer.headers.get("vary", "") in (
                    {"Accept-Encoding", ""} if sent == "identity" else {"Accept-Encoding"}
                )
            assert {"br": (assets.ASSETS / f"{name}.br").read_bytes(), "identity": plain}.get(sent, raw) == raw
            if sent == "gzip":
                assert gzip.decompress(raw) == plain
            assert sent in (encoding, "identity")
    assert httpx.get(f"{url}/dashboard/assets/{names[0]}").headers["content-type"].startswith(("text/", "image/"))


@pytest.mark.parametrize("name", ["nothing.js", "..%2Froutes.py", "%2e%2e%2f%2e%2e%2fapp.py", "sources.sha256"])
def test_nothing_else_is_served(url: str, name: str) -> None:
    assert httpx.get(f"{url}/dashboard/assets/{name}").status_code == 404
