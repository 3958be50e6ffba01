"""The built page: files as `make dashboard` left them, compressed, with names that change when they do."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

ASSETS = Path(__file__).parent / "assets"
WEB = Path(__file__).parent / "web"
STAMP = ASSETS / "sources.sha256"
INDEX = "index.html"

#: Nothing but what this server sends may run, be shown or be asked.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_TOP = ("index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts")
_FOREVER = "public, max-age=31536000, immutable"
_ANEW = "no-cache"
_SMALLEST = 512


def answer(name: str, request: Request) -> Response | None:
    """A file of the page, None if there is none of that name."""
    if name not in _names():
        return None
    content, tag = _plain(name)
    headers = {
        "Cache-Control": _ANEW if name == INDEX else _FOREVER,
        "Content-Security-Policy": POLICY,
        "ETag": tag,
    }
    encoded = {"Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers | encoded)
    accepted = request.headers.get("accept-encoding", "")
    if f"{name}.br" in _names() and "br" in accepted:
        content = (ASSETS / f"{name}.br").read_bytes()
        headers |= encoded | {"Content-Encoding": "br"}
    elif "gzip" in accepted and len(content) > _SMALLEST:
        content = _gzipped(name)
        headers |= encoded | {"Content-Encoding": "gzip"}
    return Response(content, headers=headers, media_type=mimetypes.guess_type(name)[0] or "application/octet-stream")


def sources_hash(folder: Path = WEB) -> str:
    """Hash of everything that the page is built from."""
    digest = hashlib.sha256()
    files = [folder / name for name in _TOP]
    for file in (*files, *sorted(path for path in (folder / "src").rglob("*") if path.is_file())):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def weight() -> int:
    """Bytes of all scripts, styles and pages, compressed."""
    return sum(file.stat().st_size for file in ASSETS.glob("*.br"))


@cache
def _names() -> frozenset[str]:
    return frozenset(file.name for file in ASSETS.iterdir() if file != STAMP) if ASSETS.is_dir() else frozenset()


@cache
def _plain(name: str) -> tuple[bytes, str]:
    content = (ASSETS / name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@cache
def _gzipped(name: str) -> bytes:
    return gzip.compress(_plain(name)[0], 9, mtime=0)
