"""`warehouse consume rabbitmq | kafka`: the consumers, as services or once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from ingestion.doors import Drained
    from ingestion.doors.tally import Tally
    from warehouse.settings import Settings

consume = typer.Typer(help="Land what arrives at a message broker.", no_args_is_help=True)

OnceOption = Annotated[bool, typer.Option("--once", help="Take what waits now, then end.")]
SecondsOption = Annotated[float, typer.Option(min=1, help="With --once: take nothing new after so many seconds.")]


class Door(Protocol):
    """What both consumers have."""

    def consume(self, settings: Settings, stop: threading.Event, say: Callable[[str], None]) -> Tally:
        """Land until told to stop."""

    def drain(self, settings: Settings, *, seconds: float) -> Drained:
        """Land what waits."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(consume, name="consume")


@consume.command()
def rabbitmq(once: OnceOption = False, seconds: SecondsOption = 60, json: JsonOption = False) -> None:
    """Land the messages of the exchange analytics.events at RABBITMQ_URL until Ctrl-C."""
    from ingestion.doors import rabbitmq
    from ingestion.doors.rabbitmq.broker import parameters
    from warehouse.settings import get_settings

    parameters(get_settings())
    _run(rabbitmq, once, seconds, json)


@consume.command()
def kafka(once: OnceOption = False, seconds: SecondsOption = 60, json: JsonOption = False) -> None:
    """Land the messages of the topics at KAFKA_BOOTSTRAP_SERVERS until Ctrl-C."""
    from ingestion.doors import kafka
    from ingestion.doors.kafka.broker import configuration
    from warehouse.settings import get_settings

    configuration(get_settings())
    _run(kafka, once, seconds, json)


def _run(door: Door, once: bool, seconds: float, json: bool) -> None:
    from warehouse.cli.ready import ready

    output = Output(json)
    settings = ready()
    if once:
        drained = door.drain(settings, seconds=seconds)
        for note in drained.notes:
            output.log(note)
        output.result(_answer(drained))
        return
    tally = door.consume(settings, _stopped_by_signals(), output.log)
    output.result(
        {
            "messages": tally.messages,
            **tally.totals.figures(),
            "refused": tally.refused,
        }
    )


def _answer(drained: Drained) -> dict[str, Any]:
    return {
        **drained.totals.figures(),
        "refused": drained.refused,
        "waiting": drained.waiting,
    }


def _stopped_by_signals() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set; a second one ends the process at once."""
    import signal
    import threading

    stop = threading.Event()

    def ask(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop
