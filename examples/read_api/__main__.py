"""Prints what the marketplace earned last: `API_TOKEN=… python -m examples.read_api`."""

from __future__ import annotations

import os

from examples.read_api.answers import ApiV1MartsRevenueResponse, Freshness
from examples.read_api.client import Warehouse


def main() -> None:
    """Ask how fresh the numbers are, then for the revenue by stream."""
    warehouse = Warehouse(os.environ.get("API_URL", "http://127.0.0.1:8004"), os.environ["API_TOKEN"])
    freshness = warehouse.get(Freshness, "/freshness")
    print(f"generation {freshness.generation}, events until {freshness.complete_through}")
    revenue = warehouse.get(ApiV1MartsRevenueResponse, "/api/v1/marts/revenue", granularity="month", groupBy="stream")
    for row in revenue.data:
        print(f"{row.date}  {row.stream or '-':<12} {row.net_usd:>20,.2f} USD")


if __name__ == "__main__":
    main()
