"""An authentication service that sends its events to the collector from threads (`Client`).

    ANALYTICS_URL=http://127.0.0.1:3004 ANALYTICS_KEY=… python -m examples.auth_service

The accounts live in memory; what matters here is where the events are tracked, and that no route waits for them.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel

from ingestion.client import Client, Options

PLANS = ("free", "pro", "team")
FAILURES_UNTIL_FLAGGED = 3


class SignUp(BaseModel):
    """Form of a new user."""

    email: str
    password: str
    role: str = "customer"
    session: str | None = None


class SignIn(BaseModel):
    """Form of a known user."""

    email: str
    password: str


class PlanChange(BaseModel):
    """The plan a user wants."""

    plan: Literal["free", "pro", "team"]


class Judgement(BaseModel):
    """What a person thinks of a flag."""

    outcome: Literal["confirmed", "false_positive"]


@dataclass(slots=True)
class Account:
    """What the service knows of a user."""

    user_id: str
    email: str
    password: str
    plan: str = PLANS[0]
    failures: int = 0
    flag_id: str | None = None
    suspended: bool = False


def application(analytics: Client) -> FastAPI:
    """The service; it closes the client when it stops."""

    @asynccontextmanager
    async def closing(_: FastAPI) -> Any:
        yield
        analytics.close()

    app = FastAPI(title="Auth", lifespan=closing)
    accounts: dict[str, Account] = {}
    sessions: dict[str, Account] = {}

    def account(user_id: str) -> Account:
        if user_id not in accounts:
            raise HTTPException(404)
        return accounts[user_id]

    @app.middleware("http")
    async def measured(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        began = time.perf_counter()
        response = await answer(request)
        # The route's pattern, not its path: ids of users do not belong into the name of an endpoint.
        route = request.scope.get("route")
        properties = {
            "service": "auth-service",
            "endpoint": route.path if route else "unknown",
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - began) * 1000, 3),
        }
        analytics.track("api.request", properties=properties)
        return response

    @app.get("/signup")
    def signup_form(session: str, role: str = "customer") -> dict[str, str]:
        analytics.track("signup.started", properties={"role": role}, session_id=session)
        return {"form": "email, password"}

    @app.post("/users", status_code=201)
    def sign_up(form: SignUp, request: Request) -> dict[str, str]:
        if any(known.email == form.email for known in accounts.values()):
            analytics.track("account.duplicate_blocked")
            raise HTTPException(409, "this e-mail address has an account")
        new = Account(str(uuid.uuid4()), form.email, form.password)
        accounts[new.user_id] = new
        analytics.track(
            "user.signup",
            new.user_id,
            # The address is never stored, only its keyed hash.
            {"role": form.role, "plan_tier": new.plan, "method": "password", "email": new.email},
            session_id=form.session,
            context=context_of(request),
        )
        return {"user_id": new.user_id}

    @app.post("/sessions", status_code=201)
    def sign_in(form: SignIn, request: Request) -> dict[str, str]:
        known = next((known for known in accounts.values() if known.email == form.email), None)
        if known is None or known.suspended:
            raise HTTPException(401)
        if known.password != form.password:
            failed(known)
            raise HTTPException(401)
        known.failures = 0
        session = str(uuid.uuid4())
        sessions[session] = known
        analytics.track("user.signin", known.user_id, session_id=session, context=context_of(request))
        return {"session": session}

    def failed(known: Account) -> None:
        known.failures += 1
        if known.failures == FAILURES_UNTIL_FLAGGED and known.flag_id is None:
            known.flag_id = str(uuid.uuid4())
            properties = {"flag_id": known.flag_id, "flag_type": "password_guessing", "automatic": True}
            analytics.track("account.flagged", known.user_id, properties)

    @app.delete("/sessions/{session}", status_code=204)
    def sign_out(session: str) -> None:
        known = sessions.pop(session, None)
        if known is not None:
            analytics.track("user.signout", known.user_id, session_id=session)

    @app.put("/users/{user_id}/plan", status_code=204)
    def change_plan(user_id: str, change: PlanChange) -> None:
        known = account(user_id)
        step = PLANS.index(change.plan) - PLANS.index(known.plan)
        if step:
            name = "user.plan_upgrade" if step > 0 else "user.plan_downgrade"
            analytics.track(name, user_id, {"from_plan": known.plan, "to_plan": change.plan})
        known.plan = change.plan

    @app.post("/users/{user_id}/flag", status_code=204)
    def resolve_flag(user_id: str, judgement: Judgement) -> None:
        known = account(user_id)
        if known.flag_id is None:
            raise HTTPException(404)
        analytics.track("account.flag_resolved", user_id, {"flag_id": known.flag_id, "outcome": judgement.outcome})
        known.flag_id = None
        if judgement.outcome == "confirmed":
            known.suspended = True
            analytics.track("account.suspended", user_id, {"reason": "password_guessing"})
            analytics.track("audit.recorded", properties={"action": "account.suspend", "resource": f"user/{user_id}"})

    return app


def context_of(request: Request) -> dict[str, str | None]:
    """Where a request came from; the warehouse keeps a part of the address only."""
    return {
        "ip": request.client.host if request.client else None,
        "user_agent": request.headers.get("user-agent"),
    }


def main() -> None:
    """Serve until Ctrl-C."""
    options = Options(source="auth-service", buffer_dir=os.environ.get("ANALYTICS_BUFFER_DIR"))
    analytics = Client(os.environ["ANALYTICS_URL"], os.environ["ANALYTICS_KEY"], options)
    uvicorn.run(application(analytics), port=int(os.environ.get("PORT", "3001")), log_level="warning")


if __name__ == "__main__":
    main()
