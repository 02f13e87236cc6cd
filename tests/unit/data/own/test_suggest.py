"""Columns are recognised by name and by content, wherever they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.data.own import Contract
from kit.data.own.suggest import SURE, fits, missing, roles_of, suggest, told
from kit.data.readers.table import Table, grid_of, table_of
from tests.unit.data.own.conftest import samples

N = 40
TIMES = pd.date_range("2026-03-02", periods=N, freq="5min")
HOSTS = ["srv-1", "srv-2"] * (N // 2)
LOAD = np.linspace(1, 90, N).round(2)
MANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def table(columns: dict[str, object], *, header: bool = True, sep: str = ",") -> Table:
    frame = pd.DataFrame(columns)
    return table_of(grid_of(frame.to_csv(index=False, header=header, sep=sep))[0], "a.csv")


NAMED = {
    "english": {"Server": HOSTS, "Timestamp": TIMES, "CPU %": LOAD},
    "korean": {
        "서버명": HOSTS,
        "측정일시": TIMES.strftime("%Y년 %m월 %d일 %H시 %M분"),
        "CPU 사용률(%)": LOAD,
    },
    "german": {
        "Rechner": HOSTS,
        "Zeitstempel": TIMES.strftime("%d.%m.%Y %H:%M"),
        "Auslastung": LOAD,
    },
}


@pytest.mark.parametrize("language", NAMED)
def test_names_of_three_languages_need_no_question(cpu: Contract, language: str) -> None:
    guesses = suggest(table(NAMED[language]), cpu.table())
    assert [guess.role for guess in guesses] == ["machine", "time", "cpu"]
    assert all(guess.sure >= SURE for guess in guesses)


@MANY
@given(order=st.permutations(range(5)), language=st.sampled_from(sorted(NAMED)))
def test_roles_follow_named_columns_wherever_they_stand(
    cpu: Contract, order: list[int], language: str
) -> None:
    columns = [*NAMED[language].items(), ("담당자", ["김하나"] * N), ("remark", ["-"] * N)]
    wanted = dict(zip([name for name, _ in columns], ["machine", "time", "cpu"], strict=False))
    found = roles_of(suggest(table({columns[i][0]: columns[i][1] for i in order}), cpu.table()))
    assert found == wanted


@MANY
@given(order=st.permutations(range(4)), header=st.booleans())
def test_roles_follow_content_wherever_it_stands(
    cpu: Contract, order: list[int], header: bool
) -> None:
    people = ("contact", ["hana.kim@example.com", "010-1234-5678"] * (N // 2))
    columns = [("box", HOSTS), ("moment", TIMES), ("figure", LOAD), people]
    roles = ["machine", "time", "cpu", ""]
    guesses = suggest(table({columns[i][0]: columns[i][1] for i in order}, header=header),
                      cpu.table())  # fmt: skip
    assert [guess.role for guess in guesses] == [roles[i] for i in order]
    assert all(guess.sure < SURE for guess in guesses if guess.role)


def test_two_columns_that_could_be_it_are_asked_about(cpu: Contract) -> None:
    columns = {"box": HOSTS, "moment": TIMES, "figure": LOAD, "figure 2": LOAD[::-1]}
    guesses = {guess.column: guess for guess in suggest(table(columns), cpu.table())}
    assert (guesses["figure"].role, guesses["figure 2"].role) == ("", "")
    assert "2 columns look like cpu" in guesses["figure"].because
    assert missing(cpu.table(), roles_of(guesses.values()).values()) == ["cpu"]


def test_numbers_beyond_the_contracts_limits_are_not_taken(cpu: Contract) -> None:
    columns = {"box": HOSTS, "moment": TIMES, "figure": LOAD * 1000}
    assert "cpu" not in roles_of(suggest(table(columns), cpu.table())).values()


def test_name_that_its_cells_contradict_is_not_believed(cpu: Contract) -> None:
    columns = {"time": HOSTS, "moment": TIMES, "cpu": ["high", "low"] * (N // 2), "figure": LOAD}
    found = roles_of(suggest(table(columns), cpu.table()))
    assert (found["moment"], found["figure"]) == ("time", "cpu")


def test_person_is_never_the_machine(cpu: Contract) -> None:
    columns = {"담당자": ["kim-1", "lee-2"] * (N // 2), "moment": TIMES, "figure": LOAD}
    guesses = {guess.column: guess for guess in suggest(table(columns), cpu.table())}
    assert guesses["담당자"].role == "" and "person" in guesses["담당자"].because
    assert guesses["담당자"].example == "…" and guesses["figure"].example == "1.0"


def test_name_of_machines_over_cells_of_people_is_not_believed(cpu: Contract) -> None:
    mails = ["hana@example.com", "duri@example.com"] * (N // 2)
    found = suggest(table({"server": mails, "time": TIMES, "cpu": LOAD}), cpu.table())
    assert [guess.role for guess in found] == ["", "time", "cpu"]


def test_two_columns_of_one_name_are_asked_about(costs: Contract) -> None:
    columns = {"host": HOSTS, "Rechner": HOSTS, "도입일": TIMES, "ram": LOAD}
    guesses = suggest(table(columns), costs.table())
    assert [guess.role for guess in guesses] == ["", "", "since", "memory"]
    assert missing(costs.table(), roles_of(guesses).values()) == ["server"]


def test_one_column_for_each_machine_is_seen_as_such(cpu: Contract) -> None:
    guesses = suggest(table({"time": TIMES, "web-01": LOAD, "web-02": LOAD}), cpu.table())
    assert [guess.role for guess in guesses] == ["time", "cpu", "cpu"]
    assert guesses[1].sure < SURE


def test_day_and_hour_apart_are_date_and_time(cpu: Contract) -> None:
    columns = {
        "시간": TIMES.strftime("%H:%M"),
        "날짜": TIMES.strftime("%Y-%m-%d"),
        "서버": HOSTS,
        "cpu": LOAD,
    }
    assert [guess.role for guess in suggest(table(columns), cpu.table())] == [
        "time",
        "date",
        "machine",
        "cpu",
    ]


@pytest.mark.parametrize("style", ["%Y%m%d%H%M", "%Y%m%d", "%y/%m/%d %H시 %M분"])
def test_numbers_are_times_by_name_and_never_by_content_alone(cpu: Contract, style: str) -> None:
    written = TIMES.strftime(style)
    columns = {"서버": HOSTS, "일시": written, "cpu": LOAD}
    assert [guess.role for guess in suggest(table(columns), cpu.table())][1] == "time"
    columns = {"서버": HOSTS, "x": written, "cpu": LOAD}
    by_content = [guess.role for guess in suggest(table(columns), cpu.table())][1]
    assert by_content == ("" if style == "%Y%m%d" else "time")


def test_long_table_needs_no_column_of_cpu(cpu: Contract) -> None:
    columns = {"host": HOSTS, "time": TIMES, "metric": ["cpu"] * N, "value": LOAD}
    roles = roles_of(suggest(table(columns), cpu.table()))
    assert list(roles.values()) == ["machine", "time", "metric", "value"]
    assert missing(cpu.table(), roles.values()) == []


def test_place_for_people_is_filled_by_name_only(costs: Contract) -> None:
    columns = {"host": HOSTS, "Besitzer": ["Kim"] * N, "Anschaffung": TIMES, "RAM (GB)": LOAD}
    guesses = suggest(table(columns), costs.table())
    assert [guess.role for guess in guesses] == ["server", "owner", "since", "memory"]
    assert guesses[3].unit == "GB"


def test_what_a_person_says_takes_a_guess_from_elsewhere(cpu: Contract) -> None:
    guesses = told(suggest(table(NAMED["english"]), cpu.table()), {"CPU %": "memory"})
    assert roles_of(guesses) == {"Server": "machine", "Timestamp": "time", "CPU %": "memory"}
    moved = told(suggest(table(dict(NAMED["english"], x=LOAD)), cpu.table()), {"x": "cpu"})
    assert roles_of(moved) == {"Server": "machine", "Timestamp": "time", "x": "cpu"}


def test_roles_told_before_fit_only_what_still_looks_so(cpu: Contract) -> None:
    roles = {"column 1": "machine", "column 2": "time", "column 3": "cpu"}
    same = table(dict(samples().items()), header=False)
    other = table({"a": TIMES, "b": TIMES, "c": HOSTS}, header=False)
    assert fits(same, cpu.table(), roles)
    assert not fits(other, cpu.table(), roles)
    assert not fits(table(NAMED["english"]), cpu.table(), roles)
