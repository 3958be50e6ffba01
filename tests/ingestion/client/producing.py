"""A producer of its own process: `python -m tests.ingestion.client.producing URL FOLDER COUNT HOW`.

Tracks COUNT events (0: for ever) and prints each id when `track` has returned. Ends without closing the client.
"""

from __future__ import annotations

import itertools
import os
import sys

from ingestion.client import Client, Options


def main(url: str, folder: str, count: int) -> None:
    client = Client(url, "key", Options(buffer_dir=folder or None, batch_events=20, linger_seconds=0.01))
    for number in itertools.count() if count == 0 else range(count):
        event_id = client.track("page.view", f"u{number}", {"url": "/x" * (number % 50)})
        # Unbuffered: what was printed was promised.
        os.write(1, f"{event_id}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
