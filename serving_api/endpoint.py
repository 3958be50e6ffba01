"""Endpoints: SQL files with a YAML header in a leading comment. Read once, checked when read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from serving_api.auth import Role
from serving_api.columns import Column
from serving_api.parameters import CURSOR, END, LIMIT, START, DateRange, Parameter
from warehouse.errors import WarehouseError

ENDPOINTS = Path(__file__).parent / "endpoints"
SHARED = ENDPOINTS / "parameters.yaml"

#: Roles that see every row; all others see rows of their own subject only.
SEES_ALL = frozenset({Role.ADMIN, Role.ANALYST})

_FILE = re.compile(r"/\*\n(.*?)\n\*/\n(.+)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{(\w+):([^}]+)\}")
# What the server binds beside the parameters of the caller.
_PAGE = {"limit": "UInt64", "offset": "UInt64"}
_SCOPE = {"sees_all": "Bool", "subject": "String"}


class EndpointError(WarehouseError):
    """An endpoint file cannot be used."""


class Header(BaseModel):
    """The YAML header of an endpoint file.

    Attributes:
        path: URL path.
        summary: one line.
        description: meaning of the answer, and how columns behave over longer periods.
        source: document or contract page that asks for it.
        marts: marts it reads.
        roles: who may ask. A role other than admin and analyst sees its own rows only, which takes
            `{sees_all:Bool}` and `{subject:String}` in the SQL.
        grain: what one row is.
        order: columns that order the rows and together are unique.
        dates: default and longest date range.
        timeout_seconds: for the query.
        parameters: names from parameters.yaml, or definitions.
        columns: the answer, in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(pattern=r"^(/[a-z0-9_-]+)+$")
    summary: str
    description: str
    source: str
    marts: tuple[str, ...] = Field(min_length=1)
    roles: frozenset[Role] = Field(min_length=1)
    grain: str
    order: tuple[str, ...] = Field(min_length=1)
    dates: DateRange = DateRange()
    timeout_seconds: int = Field(default=10, ge=1, le=30)
    parameters: tuple[str | Parameter, ...] = ()
    columns: dict[str, Column] = Field(min_length=1)


@dataclass(frozen=True)
class Endpoint:
    """An endpoint: header, parameters by name, and the SQL with its placeholders."""

    header: Header
    parameters: dict[str, Parameter]
    sql: str
    fingerprint: str

    @property
    def paged(self) -> bool:
        """Whether the answer comes in pages."""
        return LIMIT in self.parameters

    @cached_property
    def scoped(self) -> bool:
        """Whether rows depend on who asks."""
        return not self.header.roles <= SEES_ALL


def load(folder: Path = ENDPOINTS, shared: Path = SHARED) -> list[Endpoint]:
    """All endpoints below a folder, ordered by path.

    Raises:
        EndpointError: a file is not sound; names it and says why.
    """
    definitions: dict[str, Any] = yaml.safe_load(shared.read_text("utf-8"))
    common = {name: Parameter(name=name, **definition) for name, definition in definitions.items()}
    endpoints: dict[str, Endpoint] = {}
    for file in sorted(folder.rglob("*.sql")):
        endpoint = read(file.read_text("utf-8"), file.name, common)
        if endpoint.header.path in endpoints:
            raise EndpointError(f"{file.name}: {endpoint.header.path} is taken by another file")
        endpoints[endpoint.header.path] = endpoint
    return [endpoints[path] for path in sorted(endpoints)]


def read(text: str, name: str, common: dict[str, Parameter]) -> Endpoint:
    """One endpoint from the text of its file.

    Raises:
        EndpointError: header and SQL are not sound or do not fit each other.
    """
    parts = _FILE.fullmatch(text)
    if parts is None:
        raise EndpointError(f"{name}: must begin with a header between lines /* and */")
    try:
        header = Header.model_validate(yaml.safe_load(parts[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise EndpointError(f"{name}: {error}") from error
    parameters: dict[str, Parameter] = {}
    for entry in header.parameters:
        if isinstance(entry, str) and entry not in common:
            raise EndpointError(f"{name}: {entry} is not in {SHARED.name}")
        parameter = common[entry] if isinstance(entry, str) else entry
        parameters[parameter.name] = parameter
    endpoint = Endpoint(header, parameters, parts[2].strip(), hashlib.sha256(text.encode()).hexdigest())
    _check(endpoint, name)
    return endpoint


def _check(endpoint: Endpoint, name: str) -> None:
    used = dict(_PLACEHOLDER.findall(endpoint.sql))
    wanted = {p.name: p.sql_type for p in endpoint.parameters.values() if p.sql_type and p.name != LIMIT}
    wanted |= _PAGE if endpoint.paged else {}
    wanted |= _SCOPE if endpoint.scoped else {}
    if used != wanted:
        raise EndpointError(f"{name}: the SQL binds {used}, the header asks for {wanted}")
    if endpoint.paged != (CURSOR in endpoint.parameters):
        raise EndpointError(f"{name}: limit and cursor go together")
    if START in endpoint.parameters and END not in endpoint.parameters:
        raise EndpointError(f"{name}: startDate needs endDate")
    if not set(endpoint.header.order) <= set(endpoint.header.columns):
        raise EndpointError(f"{name}: rows are ordered by columns that are not in the answer")
