"""The eight real series: each gets the sentence that its character deserves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.quick import Finding

Find = Callable[..., Finding]

KINDS = {
    "ec2_cpu_utilization_77c1ca": "idle-with-bursts",
    "ec2_cpu_utilization_825cc2": "saturated",
    "ec2_cpu_utilization_24ae8d": "under-used",
    "ec2_cpu_utilization_ac20cd": "regime-change",
    "ec2_cpu_utilization_fe7f93": "bursty",
    "rds_cpu_utilization_cc0c53": "steady",
    "ec2_disk_write_bytes_1ef3de": "other",
    "elb_request_count_8c0756": "other",
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_kind_of_each_series(find: Find, cloudwatch: Path, name: str, kind: str) -> None:
    finding = find(cloudwatch / f"{name}.csv")
    assert [machine.kind for machine in finding.machines] == [kind]
    ledger = finding.ledger
    assert ledger.read == ledger.kept + ledger.repaired + ledger.rejected
    assert finding.asked[0].question.endswith("?")


@pytest.mark.parametrize("name", ["825cc2", "ac20cd"])
def test_machine_at_its_limit_is_not_made_smaller(find: Find, cloudwatch: Path, name: str) -> None:
    finding = find(cloudwatch / f"ec2_cpu_utilization_{name}.csv")
    assert finding.range_won is None
    assert "no rule makes it smaller" in finding.asked[0].why


def test_bursts_ask_for_32_vcpu_and_get_a_question(find: Find, cloudwatch: Path) -> None:
    finding = find(cloudwatch / "ec2_cpu_utilization_77c1ca.csv", vcpu=("16",))
    assert finding.range_won is None
    assert "32" in finding.asked[0].why
    assert "burstable" in finding.asked[0].why


def test_rules_differ_for_the_bursty_series(find: Find, cloudwatch: Path) -> None:
    machine = find(cloudwatch / "ec2_cpu_utilization_fe7f93.csv", vcpu=("16",)).asked[0]
    assert (machine.lean_vcpu, machine.cautious_vcpu) == (2, 16)
    assert machine.low_won == 0
    assert machine.high_won == pytest.approx((832 - 104) * 730)


def test_peak_of_the_load_balancer(find: Find, cloudwatch: Path) -> None:
    finding = find(cloudwatch / "elb_request_count_8c0756.csv")
    assert "10.6 times" in finding.asked[0].why


def test_clock_change_of_the_disk_series_is_said(find: Find, cloudwatch: Path) -> None:
    finding = find(cloudwatch / "ec2_disk_write_bytes_1ef3de.csv")
    assert any("repeat a time of their machine: 11 " in note for note in finding.notes)


def test_all_eight_together(find: Find, cloudwatch: Path) -> None:
    finding = find(*sorted(cloudwatch.glob("*.csv")))
    assert {m.kind for m in finding.asked} == {"idle-with-bursts", "saturated", "under-used"}
    assert finding.ledger.read == 6 * 4032 + 4730 + 4032
    said = " ".join((*finding.cannot, *finding.notes))
    assert "elb_8c0756" in said and "ec2_1ef3de" in said
    assert "repeat a time of their machine: 11 " in said
