"""The jobs `erase_user` and `export_user`: started with the number of a request, which says whom they are about.

Nothing that Dagster keeps of them names the person, neither configuration nor metadata nor what is logged.
"""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
from uuid import UUID

import dagster as dg

from dagster_project.asset_keys import BUILD_POOL, ERASE_JOB, EXPORT_JOB, LANE
from dagster_project.context import Warehouse
from warehouse import requests


class RequestConfig(dg.Config):
    """Which request: its number, as `warehouse.requests` keeps it."""

    request: str


@dg.op(pool=BUILD_POOL)
def erase(context: dg.OpExecutionContext, config: RequestConfig, warehouse: dg.ResourceParam[Warehouse]) -> None:
    """Erase the person from everything; the certificate is in the metadata and in the home."""
    from dagster_project.erasing import erase_person

    settings, request = warehouse.settings, UUID(config.request)
    certificate = erase_person(settings, requests.person(settings, request))
    requests.done(settings, request)
    context.add_output_metadata({
        "certificate": dg.MetadataValue.md(certificate.page()),
        "erasure_id": certificate.erasure_id,
        "events": certificate.events,
        "refused": certificate.refused,
        "days_rebuilt": certificate.days_rebuilt,
        "values_revised": certificate.values_revised,
        "generations_dropped": len(certificate.generations_dropped),
    })  # fmt: skip


@dg.op
def export(context: dg.OpExecutionContext, config: RequestConfig, warehouse: dg.ResourceParam[Warehouse]) -> None:
    """Write everything that is kept of the person to one file, which is kept as reports are."""
    from dagster_project.erasing import EXPORT_NAME, export_person
    from serving_api.reports.shelf import Shelf

    settings, request, run_id = warehouse.settings, UUID(config.request), UUID(context.run_id)
    shelf = Shelf(settings)
    with shelf.place(run_id) as folder:
        exported = export_person(settings, requests.person(settings, request), folder / EXPORT_NAME)
    requests.done(settings, request)
    context.add_output_metadata({
        "file": shelf.location(run_id, EXPORT_NAME),
        "rows": sum(exported.rows.values()),
        "generation": exported.generation or 0,
    })  # fmt: skip


@dg.job(name=ERASE_JOB, tags=LANE, description="Erase a person from everything and keep every number.")
def erase_user() -> None:
    """Of one op."""
    erase()


@dg.job(name=EXPORT_JOB, description="Write everything that is kept of a person to one file.")
def export_user() -> None:
    """Of one op."""
    export()
