"""What can be wrong with a broker."""

from __future__ import annotations

from warehouse.errors import WarehouseError


class BrokerUnreachable(WarehouseError):
    """The broker does not answer, or the connection broke; it may be back in a while."""


class BrokerRefuses(WarehouseError):
    """The broker answers and says no: login, permissions, a queue declared otherwise. Trying again does not help."""
