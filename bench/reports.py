"""Reports and exports: seconds for a financial report, and long exports beside ClickHouse writing the file itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench.home import simulated
from serving_api.reports.definition import FINANCIAL, definitions
from serving_api.reports.origin import origin
from serving_api.reports.request import read_request
from serving_api.reports.tables import table_of
from warehouse.cli.building import build_and_publish
from warehouse.cli.landing import land
from warehouse.client import Identity, connect, http_endpoint, receive
from warehouse.settings import Settings

# A process of its own for each file, so that its memory is the file's alone.
_CHILD = """
import json, sys, time
from pathlib import Path
from serving_api.reports.produce import produce
from serving_api.reports.request import read_request
from warehouse.settings import get_settings
started = time.perf_counter()
made = produce(read_request(json.loads(sys.argv[1])), get_settings(), Path(sys.argv[2]))
seconds = time.perf_counter() - started
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([made.rows, made.size, seconds, int(peak.split()[1]) / 1024]))
"""
# Days before all simulated ones.
_ROWS = """
INSERT INTO {database:Identifier}.transactions
SELECT
    toDate('2000-01-01') + intDiv(number, 10000) AS date,
    toDateTime64(date, 3, 'UTC') + number % 86400 AS occurred_at,
    generateUUIDv4(number) AS event_id,
    ['charge', 'refund', 'payout', 'earnings'][1 + number % 4] AS kind,
    ['order', 'charge', '', ''][1 + number % 4] AS stream,
    concat('user-', toString(number % 100000)) AS user_id,
    concat('vendor-', toString(number % 1000)) AS counterparty_id,
    concat('transaction-', toString(number)) AS transaction_id,
    '' AS plan_id,
    'card' AS method,
    'USD' AS currency,
    toDecimal64(number % 1000000, 4) / 100 AS amount,
    amount AS amount_usd
FROM numbers({rows:UInt64})
"""


def measure(settings: Settings, *, events: int, turns: int) -> dict[str, float]:
    """Seconds of each financial report of `events`; seconds, MiB and ratio of exports of twice as many rows."""
    land(settings, [str(simulated(settings, events, days=365))], "bench")
    build_and_publish(settings)
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        return financial(settings, folder) | exports(settings, folder, rows=2 * events, turns=turns)


def financial(settings: Settings, folder: str) -> dict[str, float]:
    """Rows, seconds and peak MiB of each financial report over all days, as a workbook."""
    figures: dict[str, float] = {}
    for report in definitions(FINANCIAL):
        asked = {"kind": "financial", "report": report, "start": "2020-01-01", "end": "2100-01-01", "format": "xlsx"}
        rows, _, seconds, mebibytes = _made(settings, asked, folder)
        figures |= {f"{report}_rows": rows, f"{report}_xlsx_s": round(seconds, 2), f"{report}_xlsx_mib": mebibytes}
    return figures


def exports(settings: Settings, folder: str, *, rows: int, turns: int) -> dict[str, float]:
    """Seconds and peak MiB of long exports, the workbook of a tenth of the rows; CSV and Parquet beside ClickHouse."""
    admin = connect(Identity.ADMIN, settings)
    database = origin(settings, None).generation.database
    admin.command(_ROWS, parameters={"database": database, "rows": rows})
    admin.command("OPTIMIZE TABLE {database:Identifier}.transactions FINAL", parameters={"database": database})
    export = {"kind": "export", "entity": "transactions", "start": "2000-01-01"}
    tenth = export | {"format": "xlsx", "end": str(date(2000, 1, 1) + timedelta(days=rows // 100_000 - 1))}
    count, _, seconds, mebibytes = _made(settings, tenth, folder)
    figures = {"xlsx_rows": float(count), "xlsx_s": round(seconds, 1), "xlsx_mib": mebibytes}
    for form, name in (("csv", "CSVWithNames"), ("parquet", "Parquet")):
        asked = export | {"format": form, "end": "2019-12-31"}
        ours, its_own = [], []
        for _ in range(turns):
            count, size, seconds, mebibytes = _made(settings, asked, folder)
            ours.append(seconds)
            its_own.append(_by_clickhouse(settings, asked, name))
        figures |= {
            f"{form}_rows": count,
            f"{form}_mb": round(size / 1e6),
            f"{form}_s": round(min(ours), 2),
            f"{form}_clickhouse_s": round(min(its_own), 2),
            f"{form}_ratio": round(min(its_own) / min(ours), 2),
            f"{form}_mib": mebibytes,
        }
    return figures


def _made(settings: Settings, asked: dict[str, str], folder: str) -> tuple[int, int, float, int]:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps(asked), folder],
        env={**os.environ, "WAREHOUSE_HOME": str(settings.home)},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    rows, size, seconds, mebibytes = json.loads(child.stdout)
    return rows, size, seconds, round(mebibytes)


def _by_clickhouse(settings: Settings, document: dict[str, str], form: str) -> float:
    """Seconds that ClickHouse takes to write the same rows into a file of its own."""
    source = origin(settings, None)
    request = read_request(document)
    if request.kind != "export":
        raise AssertionError(request.kind)
    table = table_of(request, source, settings)
    into = "INSERT INTO FUNCTION file('bench', {form:String}) SETTINGS engine_file_truncate_on_insert = 1\n"
    asked = {"database": source.generation.database, "param_form": form} | dict(table.parameters)
    started = time.perf_counter()
    b"".join(receive(http_endpoint(Identity.ADMIN, settings), into + table.sql, parameters=asked))
    return time.perf_counter() - started
