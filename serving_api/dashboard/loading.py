"""Dashboards from their files, each held to the endpoints: a path, parameter or field that is not there is an error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from serving_api.auth import Role
from serving_api.dashboard.spec import OUTLOOK, Page, Source
from serving_api.endpoint import Endpoint
from serving_api.freshness import Freshness
from serving_api.openapi import schema
from warehouse.errors import WarehouseError

PAGES = Path(__file__).parent / "pages"
FRESHNESS = "/freshness"

#: Parameters by which an endpoint learns its days.
_DAYS = {"period": "period", "range": "range", "startDate": "dates", "start_date": "dates"}


class DashboardError(WarehouseError):
    """A dashboard file cannot be used."""


@dataclass(frozen=True)
class Answers:
    """What an endpoint answers: JSON Schema, parameters by name with their choices, roles and marts.

    Attributes:
        columns: of which column of a mart a field is, as `mart.column`, by `part.field`, or by field where there are no
            parts.
    """

    schema: Mapping[str, Any]
    parameters: Mapping[str, tuple[str, ...]]
    roles: frozenset[Role]
    marts: tuple[str, ...] = ()
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def registry(endpoints: Iterable[Endpoint]) -> dict[str, Answers]:
    """What can be asked, by path."""
    found = {FRESHNESS: Answers(_inlined(Freshness.model_json_schema()), {}, frozenset(Role))}
    for endpoint in endpoints:
        answer = schema(endpoint.answer)
        if endpoint.header.shape == "envelope":
            answer = {"type": "object", "properties": {"data": answer, "meta": {"type": "object", "properties": {}}}}
        queries = list(endpoint.answer.queries())
        found[endpoint.header.path] = Answers(
            answer,
            {p.shown_name: p.choices for p in endpoint.parameters.values()},
            endpoint.header.roles,
            endpoint.header.marts,
            endpoint.header.description,
            {f"{part.name}.{n}".lstrip("."): c.of for part in queries for n, c in part.columns.items() if c.of},
        )
    return found


def load(answers: Mapping[str, Answers], folder: Path = PAGES) -> dict[str, Page]:
    """All dashboards by name, in their order.

    Raises:
        DashboardError: one is not sound; names the file and says why.
    """
    pages = {file.stem: read(file.read_text("utf-8"), file.name, answers) for file in sorted(folder.glob("*.yaml"))}
    for name, page in pages.items():
        for item in page.items():
            links = {shown.link for shown in getattr(item, "columns", {}).values() if shown.link is not None}
            if unknown := {link for link in links if link not in pages or pages[link].subject is None}:
                known = [known for known, other in pages.items() if other.subject is not None]
                hint = _hint(unknown.pop(), known)
                raise DashboardError(f"{name}.yaml: {item.title}: a link leads to no dashboard of one person{hint}")
    return dict(sorted(pages.items(), key=lambda named: named[1].order))


def read(text: str, name: str, answers: Mapping[str, Answers]) -> Page:
    """A dashboard from the text of its file.

    Raises:
        DashboardError: it is not sound.
    """
    try:
        page = Page.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DashboardError(f"{name}: {faults}") from error
    except yaml.YAMLError as error:
        raise DashboardError(f"{name}: {error}") from error
    for source_name, source in page.sources.items():
        if fault := _source_fault(page, source, answers):
            raise DashboardError(f"{name}: source {source_name}: {fault}")
    for title, source_name, path in _fields(page):
        if source_name not in page.sources:
            raise DashboardError(f"{name}: {title}: no source {source_name!r}{_hint(source_name, page.sources)}")
        if fault := _field_fault(page.sources[source_name], path, answers):
            raise DashboardError(f"{name}: {title}: {fault}")
    for item in page.items():
        figure = getattr(item, "outlook", None)
        if figure is not None and (fault := _outlook_fault(page, figure, answers)):
            raise DashboardError(f"{name}: {item.title}: outlook: {fault}")
    if unused := set(page.sources) - {source for _, source, _ in _fields(page)}:
        raise DashboardError(f"{name}: nothing is drawn from {', '.join(sorted(unused))}")
    return page


def _fields(page: Page) -> Iterator[tuple[str, str, str]]:
    if page.subject is not None:
        yield page.subject.title, page.subject.source, page.subject.field
    for item in page.items():
        for source, path in item.fields():
            yield item.title, source, path


def _source_fault(page: Page, source: Source, answers: Mapping[str, Answers]) -> str | None:
    if source.query is not None:
        return None
    path = source.path or ""
    if path not in answers:
        return f"there is no endpoint {path}{_hint(path, answers)}"
    takes = answers[path].parameters
    for name, value in source.parameters.items():
        if name not in takes:
            return f"{path} has no parameter {name}{_hint(name, takes)}"
        chosen = value.split(",") if value else []
        if takes[name] and not set(chosen) <= set(takes[name]):
            return f"{name} of {path} must be of {', '.join(takes[name])}"
    days = {_DAYS[name] for name in takes if name in _DAYS and name not in source.parameters}
    if not days <= {page.time, "dates"} or (days and page.time == "none"):
        return f"{path} takes its days as {', '.join(sorted(days))}, and the page's are {page.time}"
    return None


def _outlook_fault(page: Page, figure: str, answers: Mapping[str, Answers]) -> str | None:
    for path, fields in OUTLOOK.items():
        source = Source(path=path, parameters={"metric": figure})
        faults = (_field_fault(source, f"data.{name}", answers) for name in fields)
        if fault := _source_fault(page, source, answers) or next(filter(None, faults), None):
            return fault
    return None


def _field_fault(source: Source, path: str, answers: Mapping[str, Answers]) -> str | None:
    if source.query is not None:
        names = {f"data.{name}" for name in (*source.query.metrics, *source.query.dimensions)}
        if source.query.grain is not None:
            names.add("data.date")
        return None if path in names else f"the question has no {path}{_hint(path, names)}"
    schema_: Mapping[str, Any] = answers[source.path or ""].schema
    for name in path.split("."):
        while schema_.get("type") == "array":
            schema_ = schema_["items"]
        properties = schema_.get("properties", {})
        if name not in properties:
            return f"the answer of {source.path} has no {path}: {name} is unknown{_hint(name, properties)}"
        schema_ = properties[name]
    return None


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.4)
    return f"; did you mean {' or '.join(close)}?" if close else f"; there are: {', '.join(sorted(known)[:12])}"


def _inlined(document: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema with what `$defs` holds put in its place."""
    definitions = document.get("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rpartition("/")[2]])
            return {key: resolve(value) for key, value in node.items() if key != "$defs"}
        return [resolve(value) for value in node] if isinstance(node, list) else node

    found: dict[str, Any] = resolve(document)
    return found
