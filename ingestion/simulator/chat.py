"""Chat: conversations in sessions, their messages to several models, and some deleted afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import lognormal, weighted
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import Money, Prop
from ingestion.simulator.world import World

_PROVIDERS = text.vocabulary([provider for provider, *_ in market.MODELS])
_MODELS = text.vocabulary([model for _, model, *_ in market.MODELS])
_MODEL_TABLE = weighted([share for _, _, share, *_ in market.MODELS])
_COST = np.array([cost for *_, cost, _ in market.MODELS])
_SLOWNESS = np.array([factor for *_, factor in market.MODELS])
_MESSAGES = weighted(market.MESSAGES)
_TOKENS = lognormal(*market.TOKENS, low=12, high=32_000)
_LATENCY = lognormal(*market.LATENCY_MS, low=120, high=60_000)
_TITLES = text.vocabulary(["Draft a proposal", "Compare offers", "Ideas for a post", "Résumé review", "Bug in CSS"])


def streams(world: World) -> list[Stream]:
    """Conversations created, messages, conversations deleted."""
    dice = world.dice("chat")
    session = world.some_sessions(dice, "chats", market.CHAT_SESSIONS)
    number = np.arange(len(session))
    created_t = world.within(dice, number, "created", session)
    talk = np.repeat(number, dice.pick(number, "messages", _MESSAGES))
    rows = np.arange(len(talk))
    nth = rows - np.searchsorted(talk, talk)
    sent_t = created_t[talk] + 5_000 + nth * 70_000 + dice.below(rows, "pause", 60_000)
    model = dice.pick(talk, "model", _MODEL_TABLE)
    # One message in twelve goes to another model than the conversation's.
    model = np.where(dice.chance(rows, "switch", 1 / 12), dice.pick(rows, "other", _MODEL_TABLE), model)
    deleted = np.flatnonzero(dice.chance(number, "deleted", market.CONVERSATION_DELETED))
    deleted_t = created_t[deleted] + 1_200_000 + world.lag(dice, deleted, "deleted after", (4 * market.DAY, 1.2))

    def conversation(rows: Rows) -> Sequence[Prop]:
        title = text.words(_TITLES, rows.below("title", len(_TITLES)))
        return (Prop("conversation_id", rows.ident("chat", rows["number"])), Prop("title", (title,)))

    def message(rows: Rows) -> Sequence[Prop]:
        model = rows["model"].astype(np.int64)
        tokens = rows.smooth("tokens", _TOKENS)
        latency = rows.smooth("latency", _LATENCY) * _SLOWNESS[model] // 100
        return (
            Prop("conversation_id", rows.ident("chat", rows["talk"])),
            Prop("provider", (text.words(_PROVIDERS, model),)),
            Prop("model", (text.words(_MODELS, model),)),
            Prop("tokens", (text.number(tokens),), rows.chance("counted", 0.98)),
            Prop("cost", (Money(tokens * _COST[model] // 1000, 10_000),), rows.chance("priced", 0.95)),
            Prop("latency_ms", (text.number(latency),)),
        )

    def deletion(rows: Rows) -> Sequence[Prop]:
        return (Prop("conversation_id", rows.ident("chat", rows["number"])),)

    return [
        world.stream(
            "chat.conversation_created",
            "chat-service",
            created_t,
            session=session,
            number=number,
            props=conversation,
        ),
        world.stream(
            "chat.message_sent",
            "chat-service",
            sent_t,
            session=session[talk],
            talk=talk.astype(np.int32),
            model=model.astype(np.int8),
            props=message,
        ),
        world.stream(
            "chat.conversation_deleted",
            "chat-service",
            deleted_t,
            user=world.sessions.user[session[deleted]],
            number=deleted,
            props=deletion,
        ),
    ]
