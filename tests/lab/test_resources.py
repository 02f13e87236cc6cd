"""Each resource says how real it is and what it would cost; what is off costs its volumes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.data.machines import EXAMPLE
from kit.lab.lab import Lab
from kit.lab.resources import Resource


def rows(lab: Lab, kind: str) -> list[Resource]:
    return [row for row in lab.resources() if row.kind == kind]


def test_a_stopped_machine_costs_its_volume_and_a_deleted_one_nothing(
    lab: Lab, tmp_path: Path
) -> None:
    ec2 = lab.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    told = ec2.run_instances(ImageId=image, InstanceType="m5.large", MinCount=1, MaxCount=1)
    machine = told["Instances"][0]["InstanceId"]
    (row,) = rows(lab, "instance")
    assert (row.id, row.state, row.label) == (machine, "running", "METADATA")
    assert row.won_per_hour == 104 and row.won_per_month == 104 * 730
    (volume,) = rows(lab, "volume")
    assert volume.won_per_month == pytest.approx(int(volume.name.split()[0]) * 130)
    own = tmp_path / "own.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace("vcpu_hour = 28", "vcpu_hour = 100")
    own.write_text(text, encoding="utf-8")
    priced = [r for r in lab.resources(rates=own) if r.id == machine]
    assert priced[0].won_per_hour == 248
    ec2.stop_instances(InstanceIds=[machine])
    assert rows(lab, "instance")[0].won_per_hour == 0
    assert rows(lab, "volume") == [volume]
    ec2.terminate_instances(InstanceIds=[machine])
    assert rows(lab, "instance") == [] == rows(lab, "volume")


def test_a_stopped_database_is_billed_for_its_storage(lab: Lab) -> None:
    rds = lab.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="erp",
        DBInstanceClass="db.m5.large",
        Engine="postgres",
        AllocatedStorage=100,
        MasterUsername="kim",
        MasterUserPassword="not-a-secret",
    )
    (on,) = (row for row in lab.resources() if row.service == "rds")
    storage = 100 * 130 * 1.2 / 730
    assert on.label == "METADATA" and on.won_per_hour == pytest.approx(1.6 * 104 + storage)
    rds.stop_db_instance(DBInstanceIdentifier="erp")
    (off,) = (row for row in lab.resources() if row.service == "rds")
    assert off.state == "stopped" and off.won_per_hour == pytest.approx(storage)
