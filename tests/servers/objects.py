"""A private S3 server on a free loopback port: rclone, whose binary comes as a wheel for every platform."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from tests.servers.ports import free_port

_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class ObjectServer:
    """A running server and the login it accepts."""

    url: str
    key: str = "access"
    secret: str = "a-secret-of-tests"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which every S3 client finds it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
        }

    def client(self) -> Any:
        """A client of its own, for putting objects there."""
        return boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=self.key, aws_secret_access_key=self.secret,
            region_name="us-east-1", config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip


@contextmanager
def running_objects(folder: Path) -> Iterator[ObjectServer]:
    """Serves a folder; buckets are its folders. Stopped by its process id."""
    port = free_port()
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    assert program, "rclone is missing: `make setup` installs it"
    found = ObjectServer(f"http://127.0.0.1:{port}")
    log = folder.with_suffix(".log")
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", f"{found.key},{found.secret}",
               "--config", "", str(folder)]  # fmt: skip
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait(server, found, log)
        yield found
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], found: ObjectServer, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        assert server.poll() is None, log.read_text()
        try:
            found.client().list_buckets()
        except BotoCoreError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    """A server shared by the tests of a worker; each makes a bucket of its own."""
    with running_objects(tmp_path_factory.mktemp("objects") / "data") as server:
        yield server
