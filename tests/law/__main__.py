"""`python -m tests.law [--minutes M] [--seed S]`: the law on new random histories until the time is up."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.conftest import emptied, running_home
from tests.law.law import Plan, check
from tests.law.plans import plans


def main() -> None:
    """Print each history before it is tried; end with an error at the first that breaks the law."""
    parser = argparse.ArgumentParser(description="Try the law of restatement on random histories.")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long to go on")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="for the same histories again")
    asked = parser.parse_args()
    deadline, tried = time.monotonic() + asked.minutes * 60, 0
    print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory() as folder, running_home(Path(folder) / "home") as home:

        @seed(asked.seed)
        @settings(
            max_examples=100_000,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(plan=plans())
        def law(plan: Plan) -> None:
            nonlocal tried
            if time.monotonic() < deadline:
                print(plan, flush=True)
                check(emptied(home), plan)
                tried += 1
            elif tried:
                raise KeyboardInterrupt

        try:
            law()
        except KeyboardInterrupt:
            print(f"{tried} histories, the law held")


if __name__ == "__main__":
    main()
