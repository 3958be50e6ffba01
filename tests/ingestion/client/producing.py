"""A producer of its own process: `python -m tests.ingestion.client.producing URL KEY FOLDER COUNT`.

Tracks COUNT events (0: some thousand a second, for ever) and prints each id when `track` has returned. Ends without
closing the client.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

from ingestion.client import Client, Options
from warehouse.settings import project_root


def main(url: str, key: str, folder: str, count: int) -> None:
    client = Client(url, key, Options(buffer_dir=folder or None, batch_events=20, linger_seconds=0.01))
    for number in itertools.count() if count == 0 else range(count):
        event_id = client.track("page.view", f"u{number}", {"url": "/x" * (number % 50)})
        # Unbuffered: what was printed was promised.
        os.write(1, f"{event_id}\n".encode())
        if count == 0 and number % 5 == 0:
            time.sleep(0.001)


class Producing:
    """One of these processes.

    Args:
        url: of the collector.
        key: for it.
        folder: its buffer; "" for none.
        count: see above.
        said: file for the ids.
    """

    def __init__(self, url: str, key: str, folder: Path | str, count: int, said: Path) -> None:
        self._said = said
        with said.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.ingestion.client.producing", url, key, str(folder), str(count)],
                cwd=project_root(),
                stdout=out,
            )

    def wait_for_the_first(self) -> None:
        """Until it has begun."""
        while self._said.stat().st_size == 0:
            assert self._process.poll() is None
            time.sleep(0.01)

    def killed(self, after_seconds: float) -> list[str]:
        """Kill it some time after its first event; the ids it was promised."""
        self.wait_for_the_first()
        time.sleep(after_seconds)
        self._process.kill()
        self._process.wait()
        return self.promised()

    def ended(self) -> list[str]:
        """Wait for its own end; the ids it was promised."""
        assert self._process.wait(60) == 0
        return self.promised()

    def promised(self) -> list[str]:
        """Ids so far; the last line may be cut."""
        return [line.decode() for line in self._said.read_bytes().split(b"\n")[:-1]]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
