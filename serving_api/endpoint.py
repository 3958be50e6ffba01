"""Endpoints: SQL files with a YAML header in a leading comment. Read once, checked when read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from serving_api import sql_file
from serving_api.auth import Role
from serving_api.columns import Column
from serving_api.figures import Figure
from serving_api.formats import FORMATS, PLOTLY, Format, parameters_of
from serving_api.parameters import AS_OF, CURSOR, END, LIMIT, START, Parameter
from serving_api.spans import SPAN_TYPES, DateRange
from serving_api.tables import Table, tables_of
from warehouse.errors import WarehouseError

ENDPOINTS = Path(__file__).parent / "endpoints"
SHARED = ENDPOINTS / "parameters.yaml"

#: Roles that see every row; all others see rows of their own subject only.
SEES_ALL = frozenset({Role.ADMIN, Role.ANALYST})

_SECTION = re.compile(r"^-- part: (\w+)\n", re.MULTILINE)
# What the server binds beside the parameters of the caller.
_PAGE = {"limit": "UInt64", "offset": "UInt64"}
_KEYSET = {"limit": "UInt64", "after": "Array(String)"}
_SCOPE = {"sees_all": "Bool", "subject": "String"}
_EARLIER = {"earlier": "Identifier", "earlierGeneration": "Nullable(UInt64)"}
_ABOUT = {"generation": "UInt64", "served": "Array(Tuple(String, Array(String)))", **_EARLIER}


class EndpointError(WarehouseError):
    """An endpoint file cannot be used."""


class PartHeader(BaseModel):
    """What the header of a composite says of one member of its answer.

    Attributes:
        description: meaning of the member.
        shape: rows (a list), object (the columns of a single row), or fields (the same, not in an object of
            their own but beside the other members).
        endpoint: path of the endpoint whose object it is, instead of SQL and columns of its own; after a `#`, the
            part of that endpoint that it is.
        shared: whether its rows are nobody's own, so that everybody sees them.
        order: columns that order the rows and together are unique; a minus before those that fall.
        columns: in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str = ""
    shape: Literal["rows", "object", "fields"] = "rows"
    endpoint: str | None = None
    shared: bool = False
    order: tuple[str, ...] = ()
    columns: dict[str, Column] = {}


class Header(BaseModel):
    """The YAML header of an endpoint file.

    Attributes:
        path: URL path; a member in braces is a parameter of type word.
        summary: one line.
        description: meaning of the answer, and how columns behave over longer periods.
        source: document or contract page that asks for it.
        marts: marts it reads.
        roles: who may ask. A role other than admin and analyst sees its own rows only, which takes a parameter
            of type user, or `{sees_all:Bool}` and `{subject:String}` in the SQL.
        shape: envelope (rows as `data`, with `meta`), rows (a bare list), or object (a single row, or parts).
        grain: what one row is.
        order: columns that order the rows and together are unique; a minus before those that fall.
        keyset: whether pages begin after the last row's `order`, bound as `{after:Array(String)}`, instead of
            after a number of rows.
        absent: what is said when the object does not exist; without it, it always does.
        dates: default and longest date range.
        timeout_seconds: for each query.
        parameters: names from parameters.yaml, or definitions.
        columns: the answer, in order.
        parts: members of a composite answer; those with SQL have it below `-- part: <name>`.
        figure: how the rows are drawn for `format=plotly`.
        format: for those who ask for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(pattern=r"^(/[a-z0-9_-]+)+(/\{[a-z]+\})?$")
    summary: str
    description: str
    source: str
    marts: tuple[str, ...] = ()
    roles: frozenset[Role] = Field(min_length=1)
    shape: Literal["envelope", "rows", "object"] = "envelope"
    grain: str = ""
    order: tuple[str, ...] = ()
    keyset: bool = False
    absent: str | None = None
    dates: DateRange = DateRange()
    timeout_seconds: int = Field(default=10, ge=1, le=30)
    parameters: tuple[str | Parameter, ...] = ()
    columns: dict[str, Column] = {}
    parts: dict[str, PartHeader] = {}
    figure: Figure | None = None
    format: Literal["json", "csv"] = "json"


@dataclass(frozen=True)
class Part:
    """A member of an answer, or, without a name, the answer: either a query, or parts of its own."""

    name: str
    shape: Literal["rows", "object", "fields"]
    description: str
    order: tuple[str, ...] = ()
    columns: dict[str, Column] = field(default_factory=dict)
    shared: bool = False
    sql: str = ""
    parts: tuple[Part, ...] = ()
    endpoint: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that order the rows."""
        return tuple(name.removeprefix("-") for name in self.order)

    def queries(self) -> Iterator[Part]:
        """The parts that are queries, this one among them."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.queries()


@dataclass(frozen=True)
class Endpoint:
    """An endpoint: header, parameters by name, and the answer with its SQL."""

    header: Header
    parameters: dict[str, Parameter]
    answer: Part
    fingerprint: str
    area: str
    #: For SQL that asks for it: all paths, each with the marts it reads and the columns of them it serves.
    served: str = ""

    @property
    def paged(self) -> bool:
        """Whether the answer comes in pages."""
        return LIMIT in self.parameters

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        """The formats of the answer, the one for those who ask for none first."""
        usual = sorted(FORMATS, key=lambda known: known.name != self.header.format)
        return (*usual, PLOTLY) if self.header.figure is not None else tuple(usual)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables that the answer is as files, by name."""
        return tables_of(self.answer)

    @cached_property
    def scoped(self) -> bool:
        """Whether rows depend on who asks."""
        return not self.header.roles <= SEES_ALL

    @cached_property
    def of_user(self) -> bool:
        """Whether it is about one user, whom a parameter names."""
        return any(parameter.type == "user" for parameter in self.parameters.values())

    @cached_property
    def compares(self) -> bool:
        """Whether it looks at an earlier generation, too."""
        return any("{earlier:" in part.sql for part in self.answer.queries())

    def bindable(self) -> dict[str, str]:
        """The placeholders that its SQL may have, with their types."""
        found = {p.name: p.sql_type for p in self.parameters.values() if p.sql_type and p.name != LIMIT}
        spans = {p.name: "String" for p in self.parameters.values() if p.type in ("period", "range")}
        if START in self.parameters or spans:
            found = SPAN_TYPES | spans | found
        if self.paged:
            found |= _KEYSET if self.header.keyset else _PAGE
        found |= _ABOUT
        return found | _SCOPE if self.scoped and not self.of_user else found

    def serves(self) -> list[str]:
        """The marts it reads, and the columns of them it serves as `mart.column`."""
        marts = self.header.marts
        columns = {
            column.of or f"{mart}.{name}"
            for part in self.answer.queries()
            for name, column in part.columns.items()
            for mart in marts
        }
        return [*marts, *sorted(columns)]


def load(folder: Path = ENDPOINTS, shared: Path = SHARED) -> list[Endpoint]:
    """All endpoints below a folder, ordered by path.

    Raises:
        EndpointError: a file is not sound; names it and says why.
    """
    common = shared_parameters(shared)
    endpoints: dict[str, Endpoint] = {}
    names: dict[str, str] = {}
    for file in sorted(folder.rglob("*.sql")):
        endpoint = read(file.read_text("utf-8"), file.name, common, file.parent.name)
        if endpoint.header.path in endpoints:
            raise EndpointError(f"{file.name}: {endpoint.header.path} is taken by another file")
        endpoints[endpoint.header.path] = endpoint
        names[endpoint.header.path] = file.name
    linked = {path: _offered(_linked(endpoint, endpoints, names[path])) for path, endpoint in endpoints.items()}
    served = "[" + ",".join(f"('{path}',{endpoint.serves()})" for path, endpoint in sorted(linked.items())) + "]"
    for path, endpoint in linked.items():
        if any("{served:" in part.sql for part in endpoint.answer.queries()):
            fingerprint = hashlib.sha256((endpoint.fingerprint + served).encode()).hexdigest()
            linked[path] = replace(endpoint, served=served, fingerprint=fingerprint)
    for path, endpoint in linked.items():
        _check(endpoint, names[path])
    return [linked[path] for path in sorted(linked)]


def shared_parameters(file: Path = SHARED) -> dict[str, Parameter]:
    """The parameters that several endpoints share, by name."""
    definitions: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return {name: Parameter(**({"name": name} | definition)) for name, definition in definitions.items()}


def read(text: str, name: str, common: dict[str, Parameter], area: str = "") -> Endpoint:
    """One endpoint from the text of its file; parts that are other endpoints are still to be linked.

    Raises:
        EndpointError: the file has no sound header.
    """
    try:
        content, body = sql_file.read(text)
        header = Header.model_validate(content)
    except (yaml.YAMLError, ValueError) as error:
        raise EndpointError(f"{name}: {error}") from error
    parameters: dict[str, Parameter] = {}
    for entry in header.parameters:
        if isinstance(entry, str) and entry not in common:
            raise EndpointError(f"{name}: {entry} is not in {SHARED.name}")
        parameter = common[entry] if isinstance(entry, str) else entry
        parameters[parameter.name] = parameter
    if AS_OF in common:
        parameters.setdefault(AS_OF, common[AS_OF])
    answer = _answer(header, body, name)
    statements = [text, *(part.sql for part in answer.queries())]
    return Endpoint(header, parameters, answer, hashlib.sha256("".join(statements).encode()).hexdigest(), area)


def _answer(header: Header, body: str, name: str) -> Part:
    lead, *rest = _SECTION.split(body)
    try:
        lead, *statements = (sql_file.expanded(text.strip().removesuffix(";")) for text in (lead, *rest[1::2]))
    except ValueError as error:
        raise EndpointError(f"{name}: {error}") from error
    sections = dict(zip(rest[::2], statements, strict=True))
    if set(sections) != {key for key, part in header.parts.items() if part.endpoint is None}:
        raise EndpointError(f"{name}: the header's parts and the sections `-- part: <name>` are not the same")
    if bool(header.parts) == bool(lead) or bool(header.parts) == bool(header.columns):
        raise EndpointError(f"{name}: needs either columns and one query, or parts")
    shape: Literal["rows", "object"] = "object" if header.shape == "object" else "rows"
    if header.parts and shape != "object":
        raise EndpointError(f"{name}: parts make an object")
    members = tuple(
        Part(key, p.shape, p.description, p.order, p.columns, p.shared, sections.get(key, ""), (), p.endpoint)
        for key, p in header.parts.items()
    )
    return Part("", shape, header.grain, header.order, header.columns, False, lead, members)


def _linked(endpoint: Endpoint, endpoints: dict[str, Endpoint], name: str) -> Endpoint:
    members, fingerprint = [], endpoint.fingerprint
    for part in endpoint.answer.parts:
        if part.endpoint is None:
            members.append(part)
            continue
        path, _, member = part.endpoint.partition("#")
        other = endpoints.get(path)
        if other is None or other.header.shape != "object" or any(p.endpoint for p in other.answer.parts):
            raise EndpointError(f"{name}: {path} is not an endpoint whose answer is an object of its own")
        taken = replace(other.answer, description=other.header.summary)
        if member:
            found = next((p for p in other.answer.parts if p.name == member), None)
            if found is None:
                raise EndpointError(f"{name}: {path} has no part {member}")
            taken = found
        members.append(replace(taken, name=part.name, endpoint=part.endpoint))
        fingerprint += other.fingerprint
    return replace(endpoint, answer=replace(endpoint.answer, parts=tuple(members)), fingerprint=fingerprint)


def _offered(endpoint: Endpoint) -> Endpoint:
    offered = parameters_of(endpoint.formats, endpoint.tables)
    if taken := offered.keys() & endpoint.parameters.keys():
        raise EndpointError(f"{endpoint.header.path}: every endpoint has {sorted(taken)} already")
    return replace(endpoint, parameters=endpoint.parameters | offered)


def _check(endpoint: Endpoint, name: str) -> None:
    header, parameters, allowed = endpoint.header, endpoint.parameters, endpoint.bindable()
    bound: dict[str, str] = {}
    for part in endpoint.answer.queries():
        used = sql_file.placeholders(part.sql)
        if not used.items() <= allowed.items():
            raise EndpointError(f"{name}: the SQL binds {used}, the header allows {allowed}")
        if endpoint.scoped and not part.shared and not _scopes(used, parameters):
            raise EndpointError(f"{name}: {part.name or 'the SQL'} binds neither a user nor sees_all and subject")
        if part.shape == "rows" and not part.order:
            raise EndpointError(f"{name}: {part.name or 'the answer'} has rows and no order")
        if not set(part.key) <= set(part.columns):
            raise EndpointError(f"{name}: rows are ordered by columns that are not in the answer")
        bound |= used
    # Of a span an endpoint takes what it needs, of everything else all of it.
    named = {p.name for p in parameters.values() if p.type not in ("period", "range")}
    optional = {*SPAN_TYPES, *parameters, *_ABOUT} - named
    if missing := set(allowed) - set(bound) - optional:
        raise EndpointError(f"{name}: the SQL binds {bound}, the header asks for {sorted(missing)} as well")
    if endpoint.paged != (CURSOR in parameters):
        raise EndpointError(f"{name}: limit and cursor go together")
    if START in parameters and END not in parameters:
        raise EndpointError(f"{name}: startDate needs endDate")
    words = {p.name for p in parameters.values() if p.type == "word"}
    if words != set(re.findall(r"\{(\w+)\}", header.path)):
        raise EndpointError(f"{name}: the path names other parameters than those of type word")
    if endpoint.paged and header.shape != "envelope":
        raise EndpointError(f"{name}: only an envelope can name the next page")


def _scopes(used: dict[str, str], parameters: dict[str, Parameter]) -> bool:
    return used.keys() >= _SCOPE.keys() or any(p.type == "user" and p.name in used for p in parameters.values())
