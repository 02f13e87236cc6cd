"""A migration from end to end: source, export, COPY into PostgreSQL, hashes of both sides.

Beside it the careless way, pandas and ``to_sql``, which is asked afterwards what it moved.
Each runs in a process of its own, on a PostgreSQL of its own in a temporary folder; starting
the server is not in the time of either.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.rows import Row
from kit.data.legacy.shop import ORDERS, Shop, make_shop
from kit.data.migration.canonical import frame_rows
from kit.data.migration.chunks import Chunk, chunk_hashes, differing, key_ranges
from kit.lab.postgres.rows import create_table, table_rows
from kit.lab.postgres.server import Server, remove, start
from tests.migration_loaders import careless, export, load
from tests.peak import peak

ORDERS_MOVED = 200_000
SEED = 20_261_123
GOAL_SECONDS, GOAL_MB = 60.0, 500


def rows(rounds: int) -> list[Row]:
    """One run of each, whatever ``rounds`` says. Prints the steps, the memory and the findings."""
    del rounds
    ours, peer = _apart("careful"), _apart("careless")
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in ours["steps"].items())
    print(f"Careful: {steps}.")
    print(
        f"  {ours['rows']:,} rows and {ours['rejects']} rejects of {ORDERS_MOVED:,}; "
        f"{ours['differing']} of {ours['chunks']} chunks differ; "
        f"{ours['megabytes']:,.0f} MB and {ours['server_megabytes']:,.0f} MB of the server "
        f"(goal {GOAL_MB} together)."
    )
    print(
        f"Careless: {peer['rows']:,} rows of {ORDERS_MOVED:,}; {peer['differing']} of "
        f"{peer['chunks']} chunks differ; {peer['memos']:,} memos of {peer['source_memos']:,}; the "
        f"sum differs from the source's own by {peer['sum_off']:.4%}, from the right one by "
        f"{peer['right_sum_off']:.2%}; {peer['megabytes']:,.0f} MB."
    )
    memory = ours["megabytes"] + ours["server_megabytes"]
    return [
        Row(
            f"migrate {ORDERS_MOVED:,} orders and prove it ({memory:,.0f} MB)",
            [sum(ours["steps"].values())],
            "pandas to_sql, nothing proved",
            [sum(peer["steps"].values())],
            GOAL_SECONDS,
        )
    ]


def _apart(way: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.migration", way]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _careful(folder: Path, server: Server, shop: Shop) -> dict[str, Any]:
    steps: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        found = work()
        steps[name] = time.perf_counter() - begin
        return found

    with server.connect() as connection:
        source = timed("source", lambda: shop.write(folder / "shop.db"))
        packed = folder / "orders.csv.gz"
        _, rejects = timed("export", lambda: export(source, packed))
        create_table(connection, ORDERS)
        timed("load", lambda: load(connection, packed))
        ranges = key_ranges(range(1, shop.orders + 1))
        truth = timed("hash source", lambda: chunk_hashes(ORDERS, shop.truth(ORDERS), ranges))
        target = timed(
            "hash target",
            lambda: chunk_hashes(ORDERS, table_rows(connection, ORDERS), ranges),
        )
    return {"steps": steps, "rejects": len(rejects), **_proved(truth, target)}


def _careless(folder: Path, server: Server, shop: Shop) -> dict[str, Any]:
    import sqlite3

    from sqlalchemy import create_engine, make_url

    source = shop.write(folder / "shop.db")
    url = make_url(server.url()).set(drivername="postgresql+psycopg")
    begin = time.perf_counter()
    frame = careless(source)
    frame.to_sql("orders", create_engine(url), index=False, if_exists="replace")
    steps = {"all": time.perf_counter() - begin}
    ranges = key_ranges(range(1, shop.orders + 1))
    truth = chunk_hashes(ORDERS, shop.truth(ORDERS), ranges)
    with sqlite3.connect(source) as file:
        own, memos = file.execute("SELECT sum(amount), count(memo) FROM orders").fetchone()
    right = float(sum(row[ORDERS.at("amount")] for row in shop.truth(ORDERS)))
    moved = float(frame["amount"].sum())
    return {
        "steps": steps,
        "memos": int(frame["memo"].notna().sum()),
        "source_memos": memos,
        "sum_off": abs(moved / own - 1),
        "right_sum_off": abs(moved / right - 1),
        **_proved(truth, chunk_hashes(ORDERS, frame_rows(frame, ORDERS), ranges)),
    }


def _proved(truth: tuple[Chunk, ...], target: tuple[Chunk, ...]) -> dict[str, int]:
    return {
        "rows": sum(chunk.rows for chunk in target),
        "chunks": len(truth),
        "differing": len(differing(truth, target)),
    }


def _server_megabytes(server: Server) -> float:
    """What the server's processes have for themselves, and their part of what they share."""
    first = psutil.Process(server.pid)
    found = [one.memory_full_info() for one in (first, *first.children(recursive=True))]
    return float(sum(getattr(one, "pss", one.rss) for one in found)) / 2**20


def main() -> None:
    """Go one way, and print what was found as JSON."""
    way = {"careful": _careful, "careless": _careless}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = start(folder / "postgres")
        try:
            found = way(folder, server, make_shop(np.random.default_rng(SEED), ORDERS_MOVED))
            found["server_megabytes"] = _server_megabytes(server)
        finally:
            remove(folder / "postgres")
    print(json.dumps({**found, "megabytes": peak() / 2**20}))


if __name__ == "__main__":
    main()
