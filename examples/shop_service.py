"""A shop that publishes its events to Kafka, a topic per event type, keyed by user.

    KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 python -m examples.shop_service

Plays one customer's visit, from the first page to the rating.
"""

from __future__ import annotations

import json
import os
import uuid
from decimal import Decimal

from ingestion.client import Options, Tracker
from ingestion.client.kafka import Publisher


class Shop:
    """What happens in a shop, tracked where it happens.

    Args:
        analytics: where events go.
    """

    def __init__(self, analytics: Tracker) -> None:
        self._analytics = analytics

    def register(self, user_id: str) -> None:
        """A customer registers."""
        self._analytics.track("user.registered", user_id, {"role": "customer", "method": "password"})

    def search(self, user_id: str, query: str) -> None:
        """A customer searches."""
        self._analytics.track("search.performed", user_id, {"query": query})

    def view(self, user_id: str, product_id: str, vendor_id: str, referrer: str | None = None) -> None:
        """A customer looks at a product."""
        self._analytics.track_page_view(user_id, f"/products/{product_id}", referrer)
        self._analytics.track("product.viewed", user_id, {"product_id": product_id, "vendor_id": vendor_id})

    def order(self, user_id: str, product_id: str, vendor_id: str, price: Decimal, quantity: int = 1) -> str:
        """A customer orders; returns the order's id."""
        order_id = str(uuid.uuid4())
        self._analytics.track(
            "order.created",
            user_id,
            {
                "order_id": order_id,
                "vendor_id": vendor_id,
                "product_id": product_id,
                "quantity": quantity,
                "amount": price * quantity,
                "currency": "EUR",
            },
        )
        self._analytics.track_conversion(user_id, "order", price * quantity)
        return order_id

    def rate(self, user_id: str, vendor_id: str, product_id: str, rating: int) -> None:
        """A customer rates what was bought."""
        properties = {"vendor_id": vendor_id, "product_id": product_id, "rating": rating}
        self._analytics.track("rating.updated", user_id, properties)


def visit(shop: Shop) -> None:
    """One customer, one order."""
    user_id = str(uuid.uuid4())
    shop.register(user_id)
    shop.search(user_id, "desk lamp")
    shop.view(user_id, "prd_1", "vnd_1", "/search")
    shop.order(user_id, "prd_1", "vnd_1", Decimal("39.90"), 2)
    shop.rate(user_id, "vnd_1", "prd_1", 5)


def main() -> None:
    """Play a visit."""
    options = Options(source="shop-service", buffer_dir=os.environ.get("ANALYTICS_BUFFER_DIR"))
    with Publisher(os.environ["KAFKA_BOOTSTRAP_SERVERS"], options) as analytics:
        visit(Shop(analytics))
        analytics.flush(30)
    print(json.dumps({"sent": analytics.statistics.sent, "buffered": analytics.statistics.buffered}))


if __name__ == "__main__":
    main()
