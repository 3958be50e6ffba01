"""A chat service that sends its events to the collector from an event loop (`AsyncClient`).

    ANALYTICS_URL=http://127.0.0.1:3004 ANALYTICS_KEY=… python -m examples.chat_service

The model is a stand-in that answers with the user's own words; its tokens, cost and latency are measured all the same.
"""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from decimal import Decimal

from aiohttp import web

from ingestion.client import AsyncClient, Options

PROVIDER, MODEL = "example-ai", "echo-1"
PRICE_OF_TOKEN = Decimal("0.0001")


class ChatService:
    """Conversations of users with a model.

    Args:
        analytics: where events go.
    """

    def __init__(self, analytics: AsyncClient) -> None:
        self._analytics = analytics
        self._owners: dict[str, str] = {}

    def application(self) -> web.Application:
        """The routes; the client is closed when the service stops."""
        app = web.Application()
        app.add_routes(
            [
                web.post("/conversations", self.create),
                web.delete("/conversations/{id}", self.delete),
                web.post("/conversations/{id}/messages", self.send),
                web.get("/conversations/{id}/export", self.export),
            ]
        )

        async def close(_: web.Application) -> None:
            await self._analytics.close()

        app.on_cleanup.append(close)
        return app

    async def create(self, request: web.Request) -> web.Response:
        """Open a conversation: `{"user_id": …, "title": …}`."""
        form = await request.json()
        conversation_id = str(uuid.uuid4())
        self._owners[conversation_id] = form["user_id"]
        # The warehouse never stores the title.
        properties = {"conversation_id": conversation_id, "title": form.get("title")}
        self._analytics.track("chat.conversation_created", form["user_id"], properties)
        return web.json_response({"conversation_id": conversation_id}, status=201)

    async def send(self, request: web.Request) -> web.Response:
        """Answer a message: `{"text": …}`."""
        conversation_id, owner = self._found(request)
        text = (await request.json())["text"]
        began = time.perf_counter()
        answer, tokens = await self._ask(text)
        self._analytics.track(
            "chat.message_sent",
            owner,
            {
                "conversation_id": conversation_id,
                "provider": PROVIDER,
                "model": MODEL,
                "tokens": tokens,
                "cost": tokens * PRICE_OF_TOKEN,
                "currency": "USD",
                "latency_ms": round((time.perf_counter() - began) * 1000, 3),
            },
        )
        return web.json_response({"answer": answer})

    async def export(self, request: web.Request) -> web.Response:
        """Hand out a conversation."""
        conversation_id, owner = self._found(request)
        self._analytics.track("feature.used", owner, {"feature": "conversation_export"})
        return web.json_response({"conversation_id": conversation_id})

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a conversation."""
        conversation_id, owner = self._found(request)
        del self._owners[conversation_id]
        self._analytics.track("chat.conversation_deleted", owner, {"conversation_id": conversation_id})
        return web.Response(status=204)

    async def _ask(self, text: str) -> tuple[str, int]:
        await asyncio.sleep(0)
        return text, 2 * len(text.split())

    def _found(self, request: web.Request) -> tuple[str, str]:
        conversation_id = request.match_info["id"]
        if conversation_id not in self._owners:
            raise web.HTTPNotFound
        return conversation_id, self._owners[conversation_id]


async def _application() -> web.Application:
    options = Options(source="chat-service", buffer_dir=os.environ.get("ANALYTICS_BUFFER_DIR"))
    analytics = AsyncClient(os.environ["ANALYTICS_URL"], os.environ["ANALYTICS_KEY"], options)
    return ChatService(analytics).application()


def main() -> None:
    """Serve until Ctrl-C."""
    web.run_app(_application(), host="127.0.0.1", port=int(os.environ.get("PORT", "3002")), print=None)


if __name__ == "__main__":
    main()
