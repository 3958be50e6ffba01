"""Canaries through every open door, each minute, and what became of them."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import json
from collections.abc import Callable, Iterator
from functools import partial
from urllib.error import URLError
from urllib.request import urlopen

import dagster as dg

from dagster_project import landing_folder
from dagster_project.asset_keys import RAW_CANARIES
from dagster_project.context import Warehouse
from dagster_project.doors import WAYS_IN
from ingestion.canaries import Canary, Sender, send, watch
from warehouse import publications
from warehouse.client import Identity
from warehouse.settings import Settings

#: The next ones are sent a minute after these.
WATCH_SECONDS = 50.0
_API_SECONDS = 2.0
_ARRIVED = "every_canary_has_arrived"


class CanaryConfig(dg.Config):
    """How long to wait for the canaries of a run."""

    seconds: float = WATCH_SECONDS


@dg.multi_asset(
    name="send_canaries",
    specs=[
        dg.AssetSpec(
            key=RAW_CANARIES,
            group_name="sources",
            deps=WAYS_IN,
            kinds={"clickhouse"},
            description=(
                "Events of the warehouse's own through every open door, awaited in raw, in the marts and in the API."
            ),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            _ARRIVED,
            asset=RAW_CANARIES,
            description="Every open door took its canary, and the ledger had it before the watch ended.",
        )
    ],
)
def canaries(
    context: dg.AssetExecutionContext, config: CanaryConfig, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:  # type: ignore[type-arg]
    """Send one through each door and wait for all of them."""
    # Loaded by those who send: it takes longer than the rest of this module's definitions.
    from ingestion.canaries.senders import configured

    settings = warehouse.settings
    doors: dict[str, Sender] = {"files": partial(landing_folder.put_canary, settings), **configured(settings)}
    client = warehouse.connect(Identity.TRANSFORMER, context.run.run_id)
    seen = watch(
        settings,
        send(doors),
        published=partial(publications.first_with, client),
        served=_served(settings),
        seconds=config.seconds,
    )
    rows = [_row(canary) for canary in seen]
    schema = dg.TableSchema([dg.TableColumn(name) for name in rows[0]])
    table = dg.MetadataValue.table([dg.TableRecord(row) for row in rows], schema=schema)
    yield dg.MaterializeResult(asset_key=RAW_CANARIES, metadata={"canaries": table})
    missing = {canary.door: canary.trouble or "not stored in time" for canary in seen if canary.stored_at is None}
    for door, trouble in missing.items():
        context.log.warning("the canary through %s has not arrived: %s", door, trouble)
    yield dg.AssetCheckResult(
        asset_key=RAW_CANARIES,
        check_name=_ARRIVED,
        passed=not missing,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=missing,
    )


def _row(canary: Canary) -> dict[str, str | float]:
    def after(name: str) -> str | float:
        at = getattr(canary, f"{name}_at")
        return "" if at is None else round((at - canary.sent_at).total_seconds(), 3)

    hops = ("accepted", "stored", "published", "served")
    return {"door": canary.door, **{f"{hop}_s": after(hop) for hop in hops}, "trouble": canary.trouble}


def _served(settings: Settings) -> Callable[[], int | None] | None:
    """Asks the API which generation it answers from; None where none is run."""
    url = f"{settings.own_api}/status"

    def ask() -> int | None:
        try:
            with urlopen(url, timeout=_API_SECONDS) as answer:  # noqa: S310 - HTTP or HTTPS, as the setting's type says
                status = json.load(answer)
        except (URLError, TimeoutError, ValueError):
            return None
        generation = status.get("generation") or {}
        number = generation.get("generation")
        return int(number) if number is not None else None

    return ask if ask() is not None else None
