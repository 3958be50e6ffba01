"""The closing page of `warehouse run`: what landed, what was published, and what the marts say."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from warehouse.settings import Settings

_SQL = resources.files(__name__)

_LOG_WIDTH = 120

#: Title of a table and the file with its query, in order.
_TABLES = (
    ("daily_metrics, last 7 days", "days"),
    ("revenue, last 30 days (USD)", "revenue"),
    ("user_metrics, last 30 days", "users"),
    ("job_success_score, best and worst", "freelancers"),
)


def print_summary(settings: Settings, answer: dict[str, Any]) -> None:
    """Print the figures of a run and the four core marts, as the reader sees them."""
    from warehouse.client import Identity, connect

    console = Console()
    if not console.is_terminal:
        console = Console(width=_LOG_WIDTH)
    console.print(
        f"\n[bold]Landed[/]     {answer['received']:,} events = {answer['stored']:,} stored"
        f" + {answer['duplicates']:,} duplicates + {answer['quarantined']:,} quarantined"
        f"  ({answer['batches']} batches, {answer['ingest_seconds']:.1f} s)"
    )
    if answer["published"]:
        console.print(
            f"[bold]Published[/]  generation {answer['generation']}: {answer['days_rebuilt']} days,"
            f" {answer['tests_passed']} tests passed  ({answer['build_seconds']:.1f} s)"
        )
    else:
        console.print(f"[bold]Published[/]  nothing new: generation {answer['generation']} is up to date")
    client = connect(Identity.READER, settings, database="marts")
    for title, name in _TABLES:
        console.print(_table(client, title, name))


def _table(client: Client, title: str, name: str) -> Table:
    result = client.query(_SQL.joinpath(f"{name}.sql").read_text("utf-8"))
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    for column in result.column_names:
        table.add_column(column, justify="right", overflow="fold")
    for row in result.result_rows:
        table.add_row(*("-" if value is None else str(value) for value in row))
    return table
