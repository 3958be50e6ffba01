"""wrk as a load generator: requests per second and latencies of one request, or a numbered one, over connections."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_P99 = re.compile(r"99%\s+([\d.]+)(us|ms|s)\b")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.+)")
_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured: requests per second, and the 99th percentile of the latencies in milliseconds."""

    per_second: float
    p99_ms: float


def load(
    url: str,
    headers: Mapping[str, str],
    connections: int,
    seconds: int = 5,
    body: str | None = None,
    numbered: str | None = None,
) -> Load:
    """Repeat a request as fast as it is answered; a GET without a body.

    Args:
        url: what is asked.
        headers: of the request.
        connections: how many ask at once.
        seconds: how long.
        body: of a POST.
        numbered: a parameter that is another number, 1001 to 9999, in each request, so that no two at once are equal.

    Raises:
        RuntimeError: wrk is not there, or an answer was an error.
    """
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("install wrk: it makes the load that answers are measured under")
    lines = [f"wrk.headers[{_quoted(name)}] = {_quoted(value)}" for name, value in headers.items()]
    if body is not None:
        lines += ['wrk.method = "POST"', f"wrk.body = {_quoted(body)}"]
    if numbered is not None:
        mark = "&" if "?" in url else "?"
        lines += [
            "local count = 0",
            "function request()",
            "  count = count + 1",
            f"  return wrk.format(nil, wrk.path .. {_quoted(f'{mark}{numbered}=')} .. (1001 + count % 8999))",
            "end",
        ]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        Path(script.name).write_text("\n".join(lines), "utf-8")
        command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
        said = subprocess.run(
            [*command, "-s", script.name, url], capture_output=True, text=True, check=True, timeout=seconds + 60
        ).stdout
    bad = _BAD.search(said)
    rate, p99 = _RATE.search(said), _P99.search(said)
    if bad or rate is None or p99 is None:
        raise RuntimeError(f"wrk: {bad[0] if bad else said}")
    return Load(float(rate[1]), float(p99[1]) * _MS[p99[2]])


def _quoted(text: str) -> str:
    """Text as Lua writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
