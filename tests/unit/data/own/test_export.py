"""What an export carries, and the little of it that is ever noted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from IPython.lib.pretty import pretty

from kit.data.own import Contract, Leaving, Own, masker_of, read_own
from kit.home import LearnerHome
from kit.i18n import Translator
from kit.model import Attempt, Unit
from kit.progress.handin import practice_summary
from tests.unit.data.own.conftest import samples, written

CANARIES = {
    "owner": "Hana Canary",
    "담당자": "나하늘",
    "mail": "canary@example.com",
    "phone": "010-2345-6789",
    "주민번호": "900101-1234567",
    "remark": "ask Duri Canary",
}


@pytest.fixture
def own(cpu: Contract, home: LearnerHome, tmp_path: Path) -> Own:
    frame = samples().set_axis(["server", "timestamp", "cpu_percent"], axis=1)
    frame["server"] = frame["server"].map({"srv-1": "canary-07", "srv-2": "canary-08"})
    path = written(tmp_path / "canary-07.csv", frame.assign(**CANARIES))
    found = read_own([path], contract=cpu, home=home)
    assert isinstance(found, Own)
    return found


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (part for pair in value.items() for one in pair for part in strings(one))
    elif isinstance(value, list):
        yield from (part for one in value for part in strings(one))
    elif isinstance(value, str):
        yield value


def test_an_export_says_in_one_line_what_was_read_in_the_readers_language(
    own: Own, cpu: Contract, tmp_path: Path
) -> None:
    n = own.ledger.read
    assert repr(own) == f"REAL: read {n} = kept {n} + repaired 0 + rejected 0"
    again = read_own([tmp_path / "canary-07.csv"], contract=cpu, say=Translator("ko"))
    assert f"읽음 {n}" in repr(again)
    # what a notebook shows as text/plain
    assert pretty(own) == str(own) == repr(own)


def test_what_is_kept_of_an_export_has_no_person(own: Own) -> None:
    kept = own.frame().to_csv() + repr(own.samples.ledger.repairs) + own.inventory.to_csv()
    assert not [text for text in CANARIES.values() if text in kept]


def test_record_holds_counts_and_hashes_and_no_name(own: Own) -> None:
    data = own.leaving(8, 9)
    assert (data["rows"], data["machines"], data["held"], data["checked"]) == (60, 2, 8, 9)
    assert data["sha256"] == sorted(own.hashes.values())
    allowed = {"sizing/cpu", "REAL", *own.hashes.values(), *data}
    assert set(strings(data)) <= allowed
    text = json.dumps(data, ensure_ascii=False)
    assert not [t for t in (*CANARIES.values(), "canary", "srv") if t in text]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_record_is_shown_whole_and_a_hand_in_takes_only_what_is_shown(
    own: Own, content: Unit, language: str
) -> None:
    data = own.leaving(1, 1)
    handed = practice_summary([Attempt("", "applied", content.id, data=data)], content, "", "")
    leaving = Leaving(data, handed["applied"], None, Translator(language))
    for shown in (repr(leaving), leaving._repr_html_()):
        for value in data.values():
            told = [f"{value:,}"] if isinstance(value, int) else strings(value)
            assert all(Translator(language)(one) in shown for one in told)
    assert set(handed["applied"]) == {"at", "rows"}
    assert handed["applied"]["rows"] == data["rows"]
    assert not [text for text in (*CANARIES.values(), "canary") if text in shown]


def test_state_of_the_record_is_said(own: Own) -> None:
    said = {
        state: repr(Leaving({}, {}, state, Translator("en"))).splitlines()[0]
        for state in (None, True, False)
    }
    assert said[None].startswith("This is all that would be noted")
    assert said[True].startswith("Noted") and said[False].startswith("Not noted")


def test_sentence_for_others_names_no_machine_and_no_file(own: Own, home: LearnerHome) -> None:
    hide = own.mask_text(masker_of(home))
    text = hide("Canary-07 (canary-07.csv) waits for canary-08")
    assert "canary" not in text.casefold()
    assert text.count("host-") == 2 and text.count("file-") == 1


def test_parts_are_machines_and_frames_are_theirs(own: Own) -> None:
    parts = dict(own.parts())
    assert list(parts) == ["canary-07", "canary-08"]
    assert set(parts["canary-08"]["machine"]) == {"canary-08"}
    whole = pd.concat(parts.values()).sort_values("row")
    pd.testing.assert_frame_equal(whole.reset_index(drop=True), own.frame().sort_values("row"))
    assert own.frame("nobody").empty


def test_frame_that_somebody_changes_changes_for_nobody_else(own: Own) -> None:
    frame, table = own.frame("canary-07"), own.summary()
    frame["value"], table["samples"] = 0.0, 0
    assert own.frame("canary-07")["value"].min() > 0 and own.summary()["samples"].min() > 0


def test_columns_carried_are_all_that_is_kept_and_none_of_an_empty_inventory(own: Own) -> None:
    assert own.inventory.empty and set(own.carried()) == set(own.frame())
    machine = dict.fromkeys(own.inventory, "x")
    sized = replace(own, inventory=pd.DataFrame([machine]))
    assert set(sized.carried()) == {*own.frame(), *own.inventory}
    with_more = replace(sized, inventory=sized.inventory.assign(owner=""))
    assert "owner" in with_more.carried()
