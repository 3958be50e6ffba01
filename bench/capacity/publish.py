"""Publish the marts in `build` a number of times: `python -m bench.capacity.publish TIMES`."""

from __future__ import annotations

import sys

from warehouse import publications, transform
from warehouse.client import Identity, connect
from warehouse.lineage import Lineage
from warehouse.settings import get_settings


def main() -> None:
    """Each publication is that of the last one's commit, with the clones of all its tables; no build goes before."""
    settings = get_settings()
    client = connect(Identity.TRANSFORMER, settings)
    marts = Lineage(transform.manifest(settings, transform.fingerprint())).marts()
    latest = publications.latest(client)
    assert latest is not None
    for turn in range(int(sys.argv[1])):
        publications.publish(
            client,
            marts,
            commit_seq=latest.commit_seq,
            code=latest.code,
            seeds=latest.seeds,
            run_id=f"capacity-{turn}",
            tests_passed=latest.tests_passed,
        )


if __name__ == "__main__":
    main()
