"""The careless and the careful loader on a real target, and what it takes after reopening."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from kit.data.legacy.shop import ORDERS, Shop, make_shop
from kit.data.migration.canonical import canonical, frame_rows
from kit.data.migration.chunks import chunk_hashes, differing, key_ranges
from kit.data.migration.corrupt import plant
from kit.data.migration.delta import make_feed, state_at
from kit.data.migration.proof import State, prove
from kit.data.migration.rollback import reconcile
from kit.data.migration.table import Row
from kit.errors import LabError
from kit.lab.postgres import rows as target
from kit.lab.postgres.journal import journal, watch
from kit.lab.postgres.rows import Connection
from kit.lab.postgres.server import Server, remove, start
from tests.migration_loaders import careless, export, load, rows_and_rejects

pytestmark = pytest.mark.xdist_group("postgres")
ROWS, CHUNK = 20_000, 500


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("target") / "postgres"
    yield start(folder)
    remove(folder)


@pytest.fixture
def connection(server: Server) -> Iterator[Connection]:
    server.create_database("target")
    with server.connect("target") as connection:
        yield connection


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(np.random.default_rng(11), ROWS)


@pytest.fixture(scope="module")
def source(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop.write(tmp_path_factory.mktemp("source") / "shop.db")


@pytest.fixture(scope="module")
def truth(shop: Shop) -> list[Row]:
    return list(shop.truth(ORDERS))


def test_the_careless_loader_shows_equal_counts_and_no_equal_chunk(
    connection: Connection, shop: Shop, source: Path, truth: list[Row]
) -> None:
    frame = careless(source)
    target.create_table(connection, ORDERS)
    loaded = list(frame_rows(frame, ORDERS))
    target.copy_in(connection, ORDERS, loaded)
    found = list(target.table_rows(connection, ORDERS))
    assert len(found) == shop.orders
    ranges = key_ranges((row[0] for row in truth), CHUNK)
    chunks = chunk_hashes(ORDERS, truth, ranges)
    assert len(chunks) == ROWS // CHUNK + 1
    assert len(differing(chunks, chunk_hashes(ORDERS, found, ranges))) == len(chunks)
    # a validator that leaves its own rejects out of the count would see it
    assert len(found) - len(truth) == len(shop.rejects)
    with closing(sqlite3.connect(source)) as file:
        (own,) = file.execute("SELECT sum(amount) FROM orders").fetchone()
    # 0.0002 %: the source's own sum is as wrong as the careless one
    assert abs(float(sum(frame["amount"])) / own - 1) < 5e-6
    memo = ORDERS.at("memo")
    assert sum(row[memo] is not None for row in found) == ROWS * 6 // 10


def test_the_careful_loader_loses_two_rows_with_a_reason_and_no_chunk(
    connection: Connection, shop: Shop, source: Path, truth: list[Row], tmp_path: Path
) -> None:
    _, rejects = export(source, tmp_path / "orders.csv.gz")
    target.create_table(connection, ORDERS)
    load(connection, tmp_path / "orders.csv.gz")
    found = list(target.table_rows(connection, ORDERS))
    assert len(found) == ROWS - 2
    assert tuple(rejects) == shop.rejects
    assert len(found) + len(rejects) == shop.orders
    proof = prove(ORDERS, truth, found, CHUNK)
    assert (proof.state, proof.differing) == (State.EQUAL, ())
    assert rows_and_rejects(source)[0] == truth


def test_a_corruption_on_the_target_shows_in_its_chunks(
    connection: Connection, truth: list[Row]
) -> None:
    planted = plant("lost_and_doubled", ORDERS, truth, np.random.default_rng(2))
    # PostgreSQL refuses a key twice, and a bulk load is often without its keys
    target.create_table(connection, ORDERS, keyed=False)
    assert target.copy_in(connection, ORDERS, planted.rows) == len(truth)
    found = list(target.table_rows(connection, ORDERS))
    ranges = key_ranges((row[0] for row in truth), CHUNK)
    chunks = [chunk_hashes(ORDERS, side, ranges) for side in (truth, found)]
    assert {ranges.of(key) for key in planted.keys} <= set(differing(chunks[0], chunks[1]))


def test_a_column_of_another_type_shows(connection: Connection, truth: list[Row]) -> None:
    target.create_table(connection, ORDERS)
    target.copy_in(connection, ORDERS, truth[:100])
    connection.execute("ALTER TABLE orders ALTER amount TYPE double precision")
    found = list(target.table_rows(connection, ORDERS))
    assert prove(ORDERS, truth[:100], found).columns["amount"][1].misfits == 100


def test_a_table_that_is_not_there_is_told(connection: Connection) -> None:
    with pytest.raises(LabError, match='"orders" does not exist'):
        list(target.table_rows(connection, ORDERS))


def test_no_transaction_after_reopening_is_lost(connection: Connection, truth: list[Row]) -> None:
    """Also the order that was placed and cancelled, which no two states show."""
    rows = truth[:1_000]
    target.create_table(connection, ORDERS)
    target.copy_in(connection, ORDERS, rows)
    assert journal(connection) == []
    watch(connection, ORDERS)
    watch(connection, ORDERS)
    connection.commit()
    feed = make_feed(np.random.default_rng(1), ORDERS, rows, polls=1, changes=50)
    target.apply_changes(connection, ORDERS, feed.changes)
    connection.commit()
    connection.execute("DELETE FROM orders")
    connection.rollback()

    taken = journal(connection)
    assert [one.operation for one in taken] == [one.operation for one in feed.changes]
    assert len(taken) == 50
    state = state_at(ORDERS, rows, feed.changes, feed.polls[-1])
    by_key = {row[0]: row for row in target.table_rows(connection, ORDERS)}
    assert {key: canonical(ORDERS, row) for key, row in by_key.items()} == {
        key: canonical(ORDERS, row) for key, row in state.items()
    }
    listed = [(one.number, "replayed") for one in taken]
    assert reconcile(taken, listed).complete
    unseen = {one.number for one in taken if one.after and one.after["order_no"] not in state}
    seen_in_states = [(number, what) for number, what in listed if number not in unseen]
    assert unseen <= set(reconcile(taken, seen_in_states).lost)
    assert unseen
    exact = next(one.after for one in taken if one.after and "." in str(one.after["amount"]))
    assert isinstance(exact["amount"], Decimal)


def test_what_leaves_no_trace_is_refused(connection: Connection, truth: list[Row]) -> None:
    target.create_table(connection, ORDERS)
    watch(connection, ORDERS)
    target.copy_in(connection, ORDERS, truth[:3])
    assert [one.operation for one in journal(connection)] == ["insert"] * 3
    with pytest.raises(Exception, match="TRUNCATE leaves no journal"):
        connection.execute("TRUNCATE orders")
