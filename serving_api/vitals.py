"""How the stack itself is doing, as last measured, and its alerts: `/api/v1/admin/analytics/system-vitals`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from serving_api.auth import Role
from serving_api.guard import caller_of
from serving_api.openapi import TOO_MANY, problem_responses
from serving_api.routes import Services

_QUERIES = Path(__file__).parent / "queries"
_VITALS = (_QUERIES / "vitals.sql").read_text("utf-8")
_ALERTS = (_QUERIES / "alerts.sql").read_text("utf-8")


class Vital(BaseModel):
    """A figure of a part of the stack; its unit is in its name, without one it is a count."""

    subject: str
    figure: str
    value: float
    detail: str


class AlertRule(BaseModel):
    """A rule as configured, and what the last look found: a cause, or none while it is ok or cannot be evaluated."""

    rule: str
    severity: str
    condition: str
    runbook: str
    state: str
    cause: str
    since: str | None
    notified_at: str | None
    value: float | None
    detail: str


class SystemVitals(BaseModel):
    """The last measurement by topic, null before the first; and the rules of alerts with their states."""

    measured_at: str | None
    database: list[Vital]
    storage: list[Vital]
    disks: list[Vital]
    queues: list[Vital]
    throughput: list[Vital]
    services: list[Vital]
    evaluated_at: str | None
    alerts: list[AlertRule]


def router(services: Services) -> APIRouter:
    """The route of this module."""
    routes = APIRouter(tags=["operations"])

    @routes.get(
        "/api/v1/admin/analytics/system-vitals",
        responses=problem_responses(
            {
                "401": "No valid token.",
                "403": "Not for the role of the token.",
                "429": TOO_MANY,
                "503": "ClickHouse is away.",
            }
        ),
        openapi_extra={"security": [{"bearer": []}]},
    )
    async def system_vitals(request: Request, response: Response) -> SystemVitals:
        """Database, storage, queues and services of the stack as last measured, and its alerts. Admins."""
        caller_of(request).require(frozenset({Role.ADMIN}))
        response.headers["Cache-Control"] = "no-store"
        measured, evaluated = await asyncio.gather(_rows(services, _VITALS), _rows(services, _ALERTS))

        def of(topic: str) -> list[Vital]:
            return [Vital.model_validate(row) for row in measured if row["topic"] == topic]

        return SystemVitals(
            measured_at=measured[0]["measured_at"] if measured else None,
            database=of("database"),
            storage=of("storage"),
            disks=of("disk"),
            queues=of("queue"),
            throughput=of("throughput"),
            services=of("service"),
            evaluated_at=evaluated[0]["evaluated_at"] if evaluated else None,
            alerts=[AlertRule.model_validate(row) for row in evaluated],
        )

    return routes


async def _rows(services: Services, sql: str) -> list[dict[str, Any]]:
    answer = await services.clickhouse.rows(sql, database="marts")
    return [orjson.loads(row) for row in answer.splitlines()]
