"""Build only the models behind the marts that the peers have, from all events: `python -m bench.peers.narrow`.

Not how the warehouse is run, which builds what has changed, tests and publishes it: what is like what the peers do.
"""

from __future__ import annotations

from warehouse import publications, transform
from warehouse.client import Identity, connect
from warehouse.settings import get_settings

MARTS = ("revenue", "provider_usage", "user_metrics")


def main() -> None:
    """Build into `build`, without tests and publication."""
    settings = get_settings()
    publications.open_horizon(connect(Identity.TRANSFORMER, settings), 0)
    manifest = transform.manifest(settings, transform.fingerprint())
    results = transform.build(settings, manifest, select=[f"+{mart}" for mart in MARTS], full_refresh=True)
    if faults := [f"{result.name}: {result.message}" for result in results if result.status == "error"]:
        raise SystemExit("\n".join(faults))
    print(len(results))


if __name__ == "__main__":
    main()
