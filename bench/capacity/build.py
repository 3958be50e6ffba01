"""One build as the command line makes it: `python -m bench.capacity.build`; seconds of each model and test as JSON."""

from __future__ import annotations

import json
import sys

from warehouse import builds
from warehouse.settings import get_settings
from warehouse.transform import NodeResult


def main() -> None:
    """Build what is stale, or everything with `--full-refresh`; seconds of tests come as one sum."""
    nodes: dict[str, float] = {}

    def note(result: NodeResult) -> None:
        name = "tests" if result.resource_type == "test" else result.name
        nodes[name] = round(nodes.get(name, 0.0) + result.seconds, 3)

    outcome = builds.build_and_publish(
        get_settings(), run_id="capacity", full_refresh="--full-refresh" in sys.argv, finished=note
    )
    print(json.dumps({"nodes": nodes, "days": outcome.days_rebuilt}))


if __name__ == "__main__":
    main()
