"""`warehouse docs`: the pages that are made from single sources."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from warehouse.cli.output import JsonOption, Output


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(docs)


def generated_pages() -> dict[Path, str]:
    """Text of every committed page that is generated, by its path in the project."""
    from ingestion.catalog import load
    from ingestion.catalog.pages import json_schema, markdown, page_markdown, pages
    from serving_api.builder.pages import markdown as builder_markdown
    from serving_api.observing.pages import markdown as metrics_markdown
    from serving_api.pages import markdown as api_markdown
    from warehouse import semantics, transform
    from warehouse.settings import project_root

    folder = project_root() / "docs"
    catalog = load()
    with TemporaryDirectory() as artifacts:
        metrics = semantics.catalog(transform.parsed(Path(artifacts)))
    return {
        folder / "events.md": markdown(catalog),
        **{folder / "events" / f"{page.name}.md": page_markdown(page) for page in pages(catalog)},
        folder / "events.schema.json": json_module.dumps(json_schema(catalog), indent=1) + "\n",
        folder / "api.md": api_markdown(),
        folder / "metrics.md": metrics_markdown(),
        folder / "builder.md": builder_markdown(metrics),
        folder / "builder.json": metrics.model_dump_json(indent=1, exclude_defaults=True) + "\n",
    }


def docs(json: JsonOption = False) -> None:
    """Write the pages made from the event catalog, the endpoints and the metrics, and the dbt docs site."""
    from warehouse.cli.ready import ready
    from warehouse.transform import run_dbt

    written = []
    for path, text in generated_pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(str(path))
    settings = ready()
    result, errors = run_dbt(settings, ["docs", "generate", "--static"])
    if not result.success:
        Output(json).fail(f"dbt docs could not be made: {'; '.join(errors)}", "run `warehouse build` first")
    written.append(str(settings.dbt_docs))
    Output(json).result({"written": written}, text="\n".join(written))
