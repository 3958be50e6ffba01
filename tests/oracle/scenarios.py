"""Lives of subscriptions, jobs, placements, assignments and so on, with what makes their marts hard.

Every function adds the events of one such thing, with ids of its own (from `number`), to a market: each event
present or not, in any order of time, some repeated with another content. The readings of the marts decide what
they mean.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.oracle.market import Market
from tests.oracle.writing import instant_text

Scenario = Callable[[Market, int], None]
MILLISECOND = timedelta(milliseconds=1)
# A pause of 30 minutes still continues a chat session.
PAUSES = (0, 1, 60_000, 1_799_999, 1_800_000, 1_800_001, 7_200_000)


def newcomer(market: Market, number: int) -> None:
    """A user who may have been active before signing up (again, in another role) and returns in later weeks."""
    rng, user, at = market.rng, market.user(), market.moment()
    for again in range(rng.choice((1, 1, 2))):
        moment = market.near(at) if again else at
        market.add("user.signup", moment, user, market.some("user.signup") | {"method": f"form {number}"})
    for weeks in (-1, 0, 1, 1, 2, 7, 52):
        if market.chance(0.5):
            market.add("user.signin", market.within(market.near(at) + timedelta(weeks=weeks)), user, {})


def subscription(market: Market, number: int) -> None:
    """Created (twice), cancelled before, on the day of, or after the creation (twice), plans changed around it."""
    rng, key, name = market.rng, {"subscription_id": f"sub {number}"}, "billing.subscription_created"
    owner, at = market.user(), market.moment()
    if market.chance(0.95):
        market.add(name, at, owner, key | {"plan_id": market.text("plan_id")} | market.some(name, 0.5))
    if market.chance(0.15):
        again = {"plan_id": market.text("plan_id")} | market.some(name)
        market.add(name, market.near(at), market.user(), key | again)
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        later = market.within(at + timedelta(days=rng.randint(1, 70)))
        ended = rng.choice((market.near(at), later, later))
        market.add("billing.subscription_cancelled", ended, rng.choice((owner, market.user())), key)
    for _ in range(rng.choice((0, 1, 2, 3))):
        plans = {"from_plan": market.text("from_plan"), "to_plan": market.text("to_plan")}
        kind = rng.choice(("user.plan_upgrade", "user.plan_downgrade"))
        moment = market.near(at)
        market.add(kind, moment, owner, plans)
        if market.chance(0.3):
            market.add(kind, market.within(moment + MILLISECOND), owner, plans | {"to_plan": market.text("to_plan")})


def job(market: Market, number: int) -> None:
    """Posted or not (twice in different categories), filled before or after, closed, with proposals."""
    rng, key, client, at = market.rng, {"job_id": f"job {number}"}, market.user(), market.moment()
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2))):
        market.add("job.posted", market.near(at), client, key | market.some("job.posted"))
    for name, times in (("job.filled", (0, 0, 1, 1, 2)), ("job.closed", (0, 0, 0, 1)), ("job.viewed", (0, 1, 2))):
        for _ in range(rng.choice(times)):
            market.add(name, market.near(at), client, key)
    for at_all in range(rng.choice((0, 1, 2))):
        proposal(market, f"{number}/{at_all}", str(key["job_id"]), market.near(at))


def proposal(market: Market, identity: str, about: str, at: datetime) -> None:
    """Sent once, twice (by another freelancer, for another job) or never; viewed and accepted or not."""
    rng, key, freelancer = market.rng, {"proposal_id": f"proposal {identity}"}, market.user()
    for again in range(rng.choice((0, 1, 1, 1, 2))):
        sender, where = (market.user(), rng.choice((about, "job 0"))) if again else (freelancer, about)
        market.add("proposal.sent", market.near(at), sender, key | {"job_id": where} | market.some("proposal.sent"))
    for name, times in (("proposal.viewed", (0, 1, 2)), ("proposal.accepted", (0, 0, 0, 1, 2))):
        for _ in range(rng.choice(times)):
            market.add(name, market.near(at), market.user(), key | {"freelancer_id": freelancer})
    if market.chance(0.5):
        market.add("profile.viewed", market.near(at), None, {"profile_user_id": freelancer})


def hire(market: Market, number: int) -> None:
    """Matched (twice, accepted), placed with or without a fee (twice), ended whenever."""
    rng, candidate, at = market.rng, market.user(), market.moment()
    where = {"job_id": f"job {rng.randrange(number + 1)}"}
    for again in range(rng.choice((0, 1, 1, 2))):
        match = {"match_id": f"match {number}/{rng.choice((0, again))}"}
        market.add("match.created", market.near(at), candidate, match | where | market.some("match.created"))
        if market.chance(0.5):
            market.add("match.accepted", market.near(at), candidate, match)
    placement = {"placement_id": f"placement {number}"}
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        market.add("placement.made", market.near(at), candidate, placement | where | market.some("placement.made"))
    if market.chance(0.4):
        market.add("placement.ended", market.near(at), candidate, placement)


def lasting(market: Market, number: int) -> None:
    """A placement around the point from which it can have lasted 90 days, ended around its 90th day or never."""
    rng, placement = market.rng, {"placement_id": f"lasting {number}"}
    last = market.end.replace(hour=0, minute=0, second=0, microsecond=0)
    days = rng.choice((89, 90, 91, 90 + rng.randrange(200)))
    made = last - timedelta(days=days) + rng.choice((0, 1, 86_399_999)) * MILLISECOND
    where = {"job_id": market.text("job_id")}
    market.add("placement.made", market.within(made), market.user(), placement | where | market.some("placement.made"))
    for _ in range(rng.choice((0, 1, 1, 2))):
        after = timedelta(days=rng.choice((-1, 0, 89, 90, 91)))
        midnight = made.replace(hour=0, minute=0, second=0, microsecond=0)
        ended = midnight + after + rng.choice((0, 86_399_999)) * MILLISECOND
        market.add("placement.ended", market.within(ended), market.user(), placement)


def engagement(market: Market, number: int) -> None:
    """What a client paid a freelancer, often on one day, for one or two jobs; with fees and refunds."""
    rng, freelancer, client, at = market.rng, market.user(), market.user(), market.moment()
    for _ in range(rng.choice((1, 2, 4))):
        given = market.some("financial.recorded") | {"amount": market.value("amount", "money")}
        given["transaction_id"] = f"transaction {number}/{rng.randrange(3)}"
        given["category"] = rng.choice(("Earnings", "Earnings", "Earnings", market.value("category", "category")))
        if market.chance(0.8):
            given |= {"counterparty_id": client, "job_type": rng.choice(("hourly", "hourly", "fixed"))}
        if market.chance(0.7):
            given["job_id"] = f"job {number + rng.randrange(2)}"
        market.add("financial.recorded", rng.choice((at, market.near(at))), freelancer, given)


def assignment(market: Market, number: int) -> None:
    """Created, claimed, submitted, reviewed and completed around one instant, due about then, and paid for."""
    rng, creator, at = market.rng, market.user(), market.moment()
    key: dict[str, object] = {"assignment_id": f"assignment {number}"}
    steps = {
        "created": (0, 1, 1, 1, 1, 2), "claimed": (0, 1), "submitted": (0, 1, 2), "reviewed": (0, 1, 1, 2, 3),
        "completed": (0, 1, 1, 1, 2),
    }  # fmt: skip
    for step, times in steps.items():
        name = f"assignment.{step}"
        for again in range(rng.choice(times)):
            given = key | market.some(name)
            if step == "reviewed":
                given["decision"] = market.value("decision", "decision")
            if step == "created":
                given["upload_id"] = f"upload {number}"
                if market.chance(0.7):
                    given["due_at"] = instant_text(rng, market.near(at))
            someone = market.user() if again or step == "created" else creator
            market.add(name, rng.choice((at, market.near(at))), someone, given)
    for _ in range(rng.choice((0, 1, 2))):
        paid = {"transaction_id": f"paid {number}", "category": rng.choice(("Earnings", "Earnings", "Fee"))}
        given = market.some("financial.recorded") | paid | {"amount": market.value("amount", "money")}
        market.add("financial.recorded", market.near(at), creator, given | {"job_id": key["assignment_id"]})


def career(market: Market, number: int) -> None:
    """Changes of a creator's level, some in one instant, with or without the level left."""
    rng, creator, at = market.rng, market.user(), market.moment()
    name = "creator.level_changed"
    for _ in range(rng.choice((1, 2, 3))):
        market.add(name, at, creator, {"to_level": market.text("to_level")} | market.some(name))
        at = market.near(at)


def flag(market: Market, number: int) -> None:
    """Raised once, twice (of another type, by hand) or never; resolved never or twice, in any order and way."""
    rng, key, account, at = market.rng, {"flag_id": f"flag {number}"}, market.user(), market.moment()
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        given = {"flag_type": market.text("flag_type")} | market.some("account.flagged")
        market.add("account.flagged", market.near(at), account, key | given)
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        outcome = {"outcome": market.value("outcome", "flag_outcome")}
        market.add("account.flag_resolved", market.near(at), account, key | outcome)
    if market.chance(0.3):
        market.add("account.duplicate_blocked", market.near(at), rng.choice((None, account)), {})


def chat(market: Market, number: int) -> None:
    """A user's messages in two conversations with pauses around the one that ends a session."""
    rng, user, at, name = market.rng, market.user(), market.moment(), "chat.message_sent"
    for _ in range(rng.choice((1, 2, 4, 7))):
        given = {"provider": market.text("provider"), "model": market.text("model")} | market.some(name)
        where = {"conversation_id": f"chat {number}/{rng.randrange(2)}"}
        market.add(name, at, user, where | given)
        at = market.within(at + rng.choice(PAUSES) * MILLISECOND)


def shop(market: Market, number: int) -> None:
    """Views, orders (one id twice) and ratings of a product, with and without vendors and products named."""
    rng, at, vendor = market.rng, market.moment(), {"vendor_id": market.text("vendor_id")}
    product = {"product_id": f"product {rng.randrange(number + 2)}"}
    for _ in range(rng.choice((0, 1, 3))):
        named = product | (vendor if market.chance(0.7) else {})
        market.add("product.viewed", market.near(at), rng.choice((None, market.user())), named)
    for again in range(rng.choice((0, 1, 2))):
        given = vendor | market.some("order.created") | (product if market.chance(0.7) else {})
        order = {"order_id": f"order {number}/{rng.choice((0, again))}", "amount": market.value("amount", "money")}
        market.add("order.created", market.near(at), market.user(), given | order)
    if market.chance(0.5):
        rating = {"rating": market.value("rating", "1-5")}
        market.add("rating.updated", market.near(at), market.user(), vendor | rating)


def requests(market: Market, number: int) -> None:
    """Requests to one endpoint on either side of a full hour."""
    rng, hour = market.rng, market.moment().replace(minute=0, second=0, microsecond=0)
    where = {"service": market.text("service"), "endpoint": market.text("endpoint")}
    for _ in range(rng.choice((1, 3, 6))):
        at = market.within(hour + rng.choice((-1, 0, 1, 3_599_999, 3_600_000)) * MILLISECOND)
        measured = {"status": market.value("status", "int"), "duration_ms": market.value("duration_ms", ">=0")}
        market.add("api.request", at, rng.choice((None, market.user())), where | measured)


SCENARIOS: tuple[Scenario, ...] = (
    newcomer, subscription, job, hire, engagement, assignment, career, flag, chat, shop, requests,
)  # fmt: skip
# Those whose numbers depend on months or years of calendar.
LONG: tuple[Scenario, ...] = (newcomer, subscription, lasting, lasting, job, career)
