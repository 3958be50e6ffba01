"""Dagster's launcher of Jobs, and what stands where Kubernetes would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml
from dagster._core.launcher import RunLauncher
from dagster._serdes import ConfigurableClassData


class Kubernetes(ThreadingHTTPServer):
    """Stands where a cluster's API would: takes what is to be created, and keeps it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Created)
        self.created: list[tuple[str, dict[str, Any]]] = []


class _Created(BaseHTTPRequestHandler):
    server: Kubernetes

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.created.append((self.path, json.loads(body)))
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running_kubernetes() -> Iterator[Kubernetes]:
    """One that answers for the length of the block."""
    with Kubernetes() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def launcher_at(kubernetes: Kubernetes, declared: dict[str, Any], folder: Path) -> RunLauncher:
    """The launcher of a configuration, pointed at it.

    Args:
        kubernetes: that is asked for Jobs.
        declared: `run_launcher` of a dagster.yaml.
        folder: for its kubeconfig.
    """
    config = folder / "kubeconfig"
    config.write_text(
        yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{kubernetes.server_port}"}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "users": [{"name": "test", "user": {}}],
        }),
        encoding="utf-8",
    )  # fmt: skip
    reached = {**declared["config"], "load_incluster_config": False, "kubeconfig_file": str(config)}
    data = ConfigurableClassData(declared["module"], declared["class"], yaml.safe_dump(reached))
    return data.rehydrate(as_type=RunLauncher)
