"""Dashboards as the browser is told of them: what a role may see, and what the names of fields leave unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from serving_api.auth import Role
from serving_api.builder.routes import QUERY_PATH as BUILDER
from serving_api.builder.routes import ROLES as BUILDER_ROLES
from serving_api.dashboard.loading import Answers
from serving_api.dashboard.spec import OUTLOOK, Item, Page, Section, Source
from serving_api.endpoint import SEES_ALL

#: What a page may choose for the sources that take it.
_CHOSEN = frozenset(
    {"startDate", "endDate", "start_date", "end_date", "period", "range"}
    | {"granularity", "tz", "currency", "userId", "limit"}
)
_FORMATS = (
    (r"(^|_)usd(_|$)", "usd"),
    (r"^arr$|(^|_)mrr$|^amount$|_value$|per_hour$", "money"),
    (r"(revenue|refunds|payouts|margin|[eE]arnings|spent|balance|cost|spend)$", "money"),
    (r"_ms(_|$)", "ms"),
    (r"seconds$", "seconds"),
    (r"hours(_|$)", "hours"),
    (r"days(_to|_in|$)|_days_", "days"),
    (r"(_rate|share|completeness|accuracy)$|^churn_rate|_rate_", "fraction"),
    (r"percent$", "percent"),
    (r"(^|_)(score|rating|jss)(_|$)", "score"),
    (r"^bytes", "bytes"),
    (r"^(date|month|cohort_week|since)$|_date$|^as_of$", "date"),
    (r"(_at|At|^hour|^timestamp|^last_hour)$", "instant"),
)


def described(page: Page, name: str, role: Role, answers: Mapping[str, Answers]) -> dict[str, Any] | None:
    """A dashboard as the browser is told of it: what the role may see, gaps filled in; None if there is nothing."""
    if role not in page.roles:
        return None
    sections = [found for section in page.sections if (found := _section(section, page, role, answers))]
    if not sections:
        return None
    items = [item for section in sections for item in section["items"]]
    used = {source for item in items for source in item.pop("sources")}
    subject = page.subject if page.subject is not None and role in SEES_ALL else None
    if subject is not None:
        used.add(subject.source)
    sources = {key: source for key, source in page.sources.items() if key in used}
    if any("outlook" in item for item in items):
        # By their paths, which no source of a file is named by.
        sources |= {path: Source(path=path) for path in OUTLOOK}
    return {
        "name": name,
        **page.model_dump(include={"title", "group", "summary", "time", "times"}),
        "subject": None if subject is None else subject.model_dump(),
        "sources": {key: _source(source, answers) for key, source in sources.items()},
        "sections": sections,
    }


def format_of(name: str, told: bool) -> str:
    """The format that a field's name speaks of; `told` says whether its source tells money in the currency chosen."""
    found = next((known for pattern, known in _FORMATS if re.search(pattern, name)), "number")
    return "usd" if found == "money" and not told else found


def title_of(name: str) -> str:
    """A field's name for people."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_usd", "").replace("_", " ").strip().lower()
    text = re.sub(r"\bavg\b", "average", text)
    return text[:1].upper() + text[1:]


def _section(section: Section, page: Page, role: Role, answers: Mapping[str, Answers]) -> dict[str, Any] | None:
    items = []
    for item in section.items:
        sources = {source for source, _ in item.fields()}
        if all(role in _roles(page.sources[source], answers) for source in sources):
            told = item.source in sources and _told(page.sources[item.source], answers)
            filled = _filled(item, told) | {"sources": sorted(sources)}
            if "outlook" in filled and not all(role in answers[path].roles for path in OUTLOOK):
                del filled["outlook"]
            items.append(filled)
    return {"title": section.title, "help": section.help, "items": items} if items else None


def _roles(source: Source, answers: Mapping[str, Answers]) -> frozenset[Role]:
    return BUILDER_ROLES if source.path is None else answers[source.path].roles


def _told(source: Source, answers: Mapping[str, Answers]) -> bool:
    return source.path is not None and "currency" in answers[source.path].parameters


def _filled(item: Item, told: bool) -> dict[str, Any]:
    """An item with the titles and formats that its fields' names speak of."""
    said: dict[str, Any] = item.model_dump(exclude_none=True)
    main = said.get("value") or said.get("split") or next(iter(said.get("series") or said.get("steps") or {}), None)
    if main is not None:
        said.setdefault("format", format_of(str(main).rpartition(".")[2], told))
    for key in ("series", "columns", "steps", "figures"):
        if key in said:
            said[key] = [
                _field(name, shown, None if key == "columns" else said.get("format"), told)
                for name, shown in said[key].items()
            ]
    for goal in said.get("goals", ()):
        goal.setdefault("format", format_of(goal["value"].rpartition(".")[2], told))
    return said


def _field(name: str, shown: dict[str, Any], common: str | None, told: bool) -> dict[str, Any]:
    field = shown.get("field") or name
    last = name.rpartition(".")[2]
    own = {"key": name, "field": field, "title": shown["title"] or title_of(last)}
    said = {member: shown[member] for member in ("rows", "link") if member in shown}
    return own | said | {"format": shown.get("format") or common or format_of(last, told)}


def _source(source: Source, answers: Mapping[str, Answers]) -> dict[str, Any]:
    if source.query is not None:
        query = source.query.model_dump(mode="json", exclude={"days"}, exclude_defaults=True)
        return {"path": BUILDER, "query": query, "days": source.query.days, "parameters": {}, "takes": {}, "marts": []}
    answer = answers[source.path or ""]
    return {
        "path": source.path,
        "parameters": source.parameters,
        "takes": {n: list(c) for n, c in answer.parameters.items() if n in _CHOSEN and n not in source.parameters},
        "files": list(answer.parameters.get("part", ("data",))) if "csv" in answer.parameters.get("format", ()) else [],
        "marts": list(answer.marts),
        "columns": dict(answer.columns),
        "description": answer.description,
    }
