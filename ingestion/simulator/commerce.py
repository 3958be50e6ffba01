"""The shop: vendors' products with a long tail of popularity; views, orders, ratings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import Array, Dice, Ints, lognormal, weighted
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import DAY_MS, Money, Prop
from ingestion.simulator.world import World

_PRODUCTS = weighted(market.PRODUCTS_PER_VENDOR)
_PRICES = lognormal(*market.PRODUCT_CENTS, low=199, high=400_000)
_VIEWS = weighted(market.VIEWS_PER_SHOPPING)
_QUANTITIES = weighted(market.QUANTITIES)
_SCORES = weighted([0.04, 0.05, 0.13, 0.33, 0.45])
_CURRENCIES = text.vocabulary(market.CURRENCIES)


class _Shelf:
    """Products in order of their introduction, each after its vendor's signup; row number = id number."""

    def __init__(self, world: World) -> None:
        dice = world.dice("products")
        vendors = np.flatnonzero(world.users.role == market.ROLES.index("vendor"))
        owner = np.repeat(vendors, dice.pick(vendors, "count", _PRODUCTS) + 1)
        rows = np.arange(len(owner))
        since = world.users.signup[owner] + world.lag(dice, rows, "since", (2 * market.DAY, 1.0))
        order = np.argsort(since, kind="stable")
        self.since, self.vendor = since[order], owner[order]
        self.currency = world.users.currency[self.vendor]
        self.price = world.local_cents(dice.smooth(rows, "price", _PRICES), self.currency)

    def seen(self, dice: Dice, rows: Array, t: Ints) -> Ints:
        """A product per view, -1 before the first; the cube of a uniform draw makes few popular."""
        known = np.searchsorted(self.since, t)
        lot = dice.unit(rows, "product")
        return np.where(known > 0, (lot * lot * lot * known).astype(np.int64), -1)


def streams(world: World) -> list[Stream]:
    """Views by customers and by strangers, orders and ratings by customers."""
    shelf, dice = _Shelf(world), world.dice("shop")
    shopping = world.some_sessions(dice, "shops", market.SHOP_SESSIONS, "customer")
    session = np.repeat(shopping, dice.pick(shopping, "views", _VIEWS))
    rows = np.arange(len(session))
    t = world.within(dice, rows, "view", session)
    product = shelf.seen(dice, rows, t)
    there = (product >= 0) & (t < world.clock.length)
    rows, session, t, product = rows[there], session[there], t[there], product[there]
    stranger = rows[dice.chance(rows, "stranger", market.ANONYMOUS_VIEWS)]
    stranger_t = dice.below(stranger, "stranger at", DAY_MS) + np.take(t, np.searchsorted(rows, stranger))
    stranger_product = shelf.seen(world.dice("strangers"), stranger, stranger_t)

    def view(rows: Rows) -> Sequence[Prop]:
        product = rows["product"]
        return (
            Prop("product_id", rows.ident("product", product)),
            Prop("vendor_id", rows.ident("u", shelf.vendor[product]), rows.chance("vendor", 0.97)),
        )

    source = "shop-service"
    return [
        world.stream("product.viewed", source, t, session=session, product=product, props=view, context=True),
        world.stream(
            "product.viewed",
            source,
            stranger_t,
            part="anonymous",
            product=stranger_product,
            props=view,
            context=True,
        ),
        *_orders(world, shelf, dice, rows, session, t, product),
    ]


def _orders(
    world: World, shelf: _Shelf, dice: Dice, rows: Ints, session: Array, t: Ints, product: Ints
) -> list[Stream]:
    share = np.full(len(rows), market.ORDER_PER_VIEW)
    spike = world.clock.day_of("revenue_spike")
    if spike is not None:
        share[t // DAY_MS == spike] *= market.REVENUE_SPIKE
    bought = np.flatnonzero(dice.chance(rows, "buys", share))
    number = np.arange(len(bought))
    t, item = t[bought] + 45_000 + dice.below(bought, "checkout", 600_000), product[bought]
    customer = world.sessions.user[session[bought]]
    quantity = dice.pick(bought, "quantity", _QUANTITIES)
    rated = np.flatnonzero(dice.chance(number, "rates", market.RATED_ORDERS))
    rated_t = t[rated] + world.lag(dice, rated, "rates after", (6 * market.DAY, 0.6))

    def order(rows: Rows) -> Sequence[Prop]:
        product, count = rows["product"], rows["quantity"]
        return (
            Prop("order_id", rows.ident("order", rows["number"])),
            Prop("vendor_id", rows.ident("u", shelf.vendor[product])),
            Prop("amount", (Money(shelf.price[product] * count),)),
            Prop("currency", (text.words(_CURRENCIES, shelf.currency[product]),)),
            Prop("product_id", rows.ident("product", product)),
            Prop("quantity", (text.number(count),), (count > 1) | rows.chance("quantity", 0.7)),
        )

    def rating(rows: Rows) -> Sequence[Prop]:
        product = rows["product"]
        # Vendors differ: a third of them earn worse marks.
        worse = dice.chance(shelf.vendor[product], "worse", 0.33) & rows.chance("worse", 0.5)
        score = np.maximum(rows.pick("score", _SCORES) + 1 - worse, 1)
        return (
            Prop("vendor_id", rows.ident("u", shelf.vendor[product])),
            Prop("product_id", rows.ident("product", product)),
            Prop("rating", (text.number(score),)),
        )

    return [
        world.stream(
            "order.created",
            "order-service",
            t,
            session=session[bought],
            number=number,
            product=item,
            quantity=quantity,
            props=order,
            context=True,
        ),
        world.stream(
            "rating.updated",
            "rating-service",
            rated_t,
            user=customer[rated],
            product=item[rated],
            props=rating,
        ),
    ]
