"""`python -m warehouse.engine`: install the engine library, a no-op when there is one."""

from __future__ import annotations

import sys

from warehouse.engine.library import install
from warehouse.errors import WarehouseError
from warehouse.settings import get_settings


def main() -> int:
    """Install and print where the engine is; 1 when that is not possible."""
    try:
        print(f"engine: {install(get_settings())}")
    except WarehouseError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
