"""`python -m bench.soak`: hours of load and kills; the exit code is 1 when anything was lost or doubled."""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from bench.soak import report, sampler
from bench.soak.asker import Asker, uptime
from bench.soak.killer import VICTIMS, Kill, Killer
from bench.soak.sampler import Sampler
from bench.soak.sender import Sender, event_id, transport
from bench.soak.stack import Stack, running
from bench.soak.verdict import judge, wait_until_published
from ingestion.batch import Batch
from ingestion.landing import Lander
from ingestion.simulator import simulate
from warehouse.cli.building import build_and_publish
from warehouse.cli.ready import migrate
from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.errors import WarehouseError
from warehouse.settings import Settings, get_settings

_BLOCK_EVENTS = 100_000
_READY_SECONDS = 300.0
_TELL_SECONDS = 30.0
_ACKNOWLEDGED_SECONDS = 120.0
_TABLE_WIDTH = 120
_PUBLISHED = "SELECT toUnixTimestamp64Milli(published_at) / 1000 FROM marts.publications ORDER BY sequence"


def main() -> int:
    """Run it; 0 when all holds, 1 when something was lost or doubled, 130 after Ctrl-C."""
    chosen = _arguments()
    # What is no terminal takes whole tables.
    console = Console(stderr=True, width=None if sys.stderr.isatty() else _TABLE_WIDTH)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    output = Path(chosen.output)
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="warehouse-soak-") as folder:
        home = Path(chosen.home or folder)
        settings = get_settings().beside(home)
        try:
            result = _soak(settings, chosen, output, console)
        except KeyboardInterrupt:
            console.print("stopped; nothing was judged")
            return 130
        finally:
            with suppress(WarehouseError):
                process.stop(settings)
    (output / "soak.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    report.show(console, result)
    console.print(f"all of it: {output / 'soak.json'}, {output / 'soak.svg'}")
    return 0 if result["holds"] else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--seconds", type=int, default=7200, help="how long events are sent and processes killed")
    parser.add_argument("--rate", type=float, default=200, help="events a second")
    parser.add_argument("--kill-every", type=float, default=150, help="mean seconds between two kills; 0 for none")
    parser.add_argument("--victims", nargs="+", choices=VICTIMS, default=list(VICTIMS), help="what is killed")
    parser.add_argument("--asks", type=float, default=5, help="questions to the API a second")
    parser.add_argument("--apis", type=int, default=2, help="processes of the API at its port")
    parser.add_argument("--events", type=int, default=100_000, help="history before it starts")
    parser.add_argument("--days", type=int, default=30, help="days that history and load cover together")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of moments and victims")
    parser.add_argument("--output", default="build/soak", help="folder of result, picture and logs")
    parser.add_argument("--home", help="a home of its own that is kept; a throw-away one by default")
    return parser.parse_args()


def _soak(settings: Settings, chosen: argparse.Namespace, output: Path, console: Console) -> dict[str, Any]:
    process.start(settings)
    migrate(settings)
    lines = _lines(chosen)
    console.print(f"seed {chosen.seed}; {chosen.events:,} events of history, then one build")
    history = settings.home / "history.ids"
    _land(settings, lines, chosen.events, history)
    build_and_publish(settings)
    with running(settings, output / "logs", chosen.apis) as stack:
        asker = Asker(stack.api_url, stack.api_token, chosen.asks, chosen.seed)
        _wait_until_ready(stack, asker)
        console.print("the stack answers")

        def tell(kill: Kill) -> None:
            away = "which is not waited for" if kill.away_s is None else f"away for {kill.away_s} s"
            console.print(f"  killed {kill.victim}{' with its children' if kill.whole else ''}, {away}")

        sender = Sender(transport(stack.collector_url, stack.collector_key), lines, chosen.rate, settings.home)
        looks, killer = Sampler(stack), Killer(stack, chosen.kill_every, chosen.seed, tuple(chosen.victims), tell)
        began = time.time()
        sender.start()
        asker.start()
        looks.start()
        if chosen.kill_every:
            killer.start()
        _tell_until(began, chosen.seconds, sender, asker, looks, console)
        killer.stop()
        delivered = sender.stop(_ACKNOWLEDGED_SECONDS)
        lasted = time.time() - began
        asker.stop()
        console.print("sent; waiting until all of it is published")
        caught_up = wait_until_published(stack, _READY_SECONDS * 2, _changes(console))
        looks.stop()
        starts = {name: len(service.lives) for name, service in stack.services.items()}
        engine = stack.engine
        restarts = None if engine is None else engine.restarts
    published = [at for (at,) in connect(Identity.TRANSFORMER, settings).query(_PUBLISHED).result_rows if at >= began]
    console.print("comparing with what was acknowledged, and with a full build")
    verdict = judge(settings, history, sender.tried_file, sender.acknowledged_file)
    verdict.faults["not_acknowledged_in_the_end"] = int(not delivered)
    verdict.faults["not_published_in_the_end"] = int(caught_up is None)
    memory = sampler.memory(looks.samples)
    report.draw(output / "soak.svg", began, looks.samples, asker.asked, killer.kills)
    return {
        "began": datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds"),
        "seed": chosen.seed,
        "holds": verdict.holds,
        "api": uptime(asker.asked) | report.troubles(asker.asked),
        "load": {
            "seconds": round(lasted),
            "acknowledged": sender.acknowledged,
            "events_per_s": round(sender.acknowledged / lasted, 1),
            "resent": sender.resent,
            "invalid": sender.invalid,
            "rejected": sender.rejected,
            "longest_until_acknowledged_s": round(sender.longest_wait, 2),
            "most_behind_events": sender.behind,
        },
        "publications": {
            "count": len(published),
            "longest_between_s": round(max((b - a for a, b in pairwise(published)), default=0), 1),
            "caught_up_s": caught_up,
        },
        "victims": report.by_victim(killer.kills, asker.asked),
        "starts": starts,
        "engine_restarts": restarts,
        "memory": memory,
        "memory_slope_sum_mib_per_h": round(sum(of["slope_mib_per_h"] or 0 for of in memory.values()), 2),
        "sizes": sampler.sizes(looks.sizes),
        "faults": verdict.faults,
        "checked": verdict.figures,
        "differing_tables": verdict.differing_tables,
        "kills": [asdict(kill) for kill in killer.kills],
    }


def _lines(chosen: argparse.Namespace) -> Iterator[bytes]:
    """One marketplace: its history, then what it does next."""
    chunks = simulate(
        # Some more than are sent, so that it never runs dry.
        events=chosen.events + int(chosen.rate * (chosen.seconds + 60)),
        days=chosen.days,
        seed=chosen.seed,
        end=datetime.now(UTC).date() - timedelta(days=1),
    )
    return (line for chunk in chunks for line in chunk.splitlines())


def _land(settings: Settings, lines: Iterator[bytes], events: int, ids: Path) -> None:
    lander, left = Lander(settings), events
    with ids.open("wb") as file:
        while left and (block := list(islice(lines, min(left, _BLOCK_EVENTS)))):
            lander.land(Batch(str(uuid.uuid4()), "bench", "history", b"\n".join(block)))
            file.writelines(event_id(line) + b"\n" for line in block)
            left -= len(block)


def _wait_until_ready(stack: Stack, asker: Asker) -> None:
    until = time.monotonic() + _READY_SECONDS
    collector = Asker(stack.collector_url, stack.collector_key, 1, 0)
    webserver = Asker(stack.dagster_url, "", 1, 0)
    asked = ((asker, "/health/ready"), (collector, "/health"), (webserver, "/server_info"))
    while not all(one.ask(path).good for one, path in asked):
        if time.monotonic() > until:
            raise WarehouseError("the stack does not answer", "see its logs in the output folder")
        time.sleep(0.5)


def _tell_until(began: float, seconds: float, sender: Sender, asker: Asker, looks: Sampler, console: Console) -> None:
    while (left := began + seconds - time.time()) > 0:
        time.sleep(min(_TELL_SECONDS, left))
        console.print(
            f"{(time.time() - began) / 60:6.1f} min  {sender.acknowledged:>9,} events acknowledged"
            f"  {len(asker.asked):>7,} answers, {sum(not one.good for one in asker.asked)} bad"
            f"  {looks.total_mib():>6,.0f} MiB",
            highlight=False,
        )


def _changes(console: Console) -> Callable[[str], None]:
    """Prints what it is told when that is something new."""
    last = ""

    def tell(text: str) -> None:
        nonlocal last
        if text != last:
            last = text
            console.print(f"  {text}", highlight=False)

    return tell


if __name__ == "__main__":
    sys.exit(main())
