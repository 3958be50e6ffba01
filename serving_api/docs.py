"""The page of documentation, written from OpenAPI: no scripts, nothing from elsewhere, readable offline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from serving_api.problems import KINDS

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font: 600 1.1rem ui-monospace, monospace; border-top: 1px solid #ccd5de; padding-top: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0; }
td { border-bottom: 1px solid #e6ebf0; }
td:first-child, code { font-family: ui-monospace, monospace; white-space: nowrap; }
small { color: #5a6b7b; }
"""


def page(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI document."""
    info = document["info"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'>",
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>",
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>",
        "<p>Machine-readable: <a href=/openapi.json>openapi.json</a>."
        " Where the numbers come from: <a href=/docs/dbt>models and lineage</a></p>",
    ]
    for path, item in document["paths"].items():
        parts.extend(_operation(method, path, operation) for method, operation in item.items())
    parts.append("<h2>Problems</h2>")
    rows = [(f"<a id=problem-{kind.name}></a>{kind.status}", kind.title, kind.advice) for kind in KINDS]
    parts.append(_table(("status", "title", "what to do"), rows, raw_first=True))
    return "\n".join(parts) + "</html>\n"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    roles = ", ".join(operation.get("x-roles", [])) or ("any role" if "security" in operation else "everybody")
    parts = [
        f"<h2 id='{escape(path)}'>{method.upper()} {escape(path)}</h2>",
        f"<p>{escape(operation.get('description', ''))}</p><p><small>For: {escape(roles)}</small></p>",
    ]
    parameters = operation.get("parameters", [])
    if parameters:
        rows = [(p["name"], _type(p["schema"]), p["description"]) for p in parameters]
        parts.append(_table(("parameter", "type", "meaning"), rows))
    success = next(response for status, response in operation["responses"].items() if status.startswith("2"))
    answer = success.get("content", {}).get("application/json", {}).get("schema", {})
    if "x-source" in operation:
        rows = list(_members(answer.get("oneOf", [answer])[0]))
        parts.append(_table(("member", "type", "meaning"), rows) if rows else "")
    return "\n".join(parts)


def _members(schema: dict[str, Any], above: str = "") -> Iterator[tuple[str, str, str]]:
    """Every member of an answer by its path; lists are marked with []."""
    for name, member in schema.get("properties", {}).items():
        if "$ref" in member:
            continue
        is_list = member["type"] == "array"
        path = f"{above}{name}{'[]' if is_list else ''}"
        inner = member["items"] if is_list else member
        if "properties" not in inner:
            yield path, _type(member), member.get("description", "")
            continue
        if "description" in member:
            yield path, "list" if is_list else "object", member["description"]
        yield from _members(inner, f"{path}.")
    if schema.get("type") == "array":
        yield from _members(schema["items"], f"{above}[].")


def _type(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        items = schema["items"]
        text = "list of " + (" | ".join(items["enum"]) if "enum" in items else _type(items))
    elif "enum" in schema:
        text = " | ".join(schema["enum"])
    else:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        text = " or ".join([str(schema.get("format", names[0])), *names[1:]])
    if "minimum" in schema and "maximum" in schema:
        text += f", {schema['minimum']} to {schema['maximum']}"
    if "default" in schema:
        default = schema["default"]
        text += f"; default {','.join(default) if isinstance(default, list) else default}"
    return text


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, raw_first: bool = False) -> str:
    lines = ["<table><tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>"]
    for row in rows:
        cells = [cell if raw_first and not number else escape(cell) for number, cell in enumerate(row)]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "\n".join([*lines, "</table>"])
