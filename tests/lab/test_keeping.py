"""What was deployed and put outlives the process; a scenario begins anew; errors are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
import pytest

from kit.errors import LabError
from kit.lab.lab import Lab

SCENARIO = Path(__file__).parent / "scenario"
TEMPLATE = SCENARIO / "network.yaml"


def kill(lab: Lab) -> None:
    process = psutil.Process(lab.started.state.pid)
    process.kill()
    # it was started by this very process, which has to take note of its end
    process.wait(10)


def cidrs(lab: Lab) -> set[str]:
    return {subnet["CidrBlock"] for subnet in lab.client("ec2").describe_subnets()["Subnets"]}


def test_a_kill_loses_neither_template_nor_object(lab: Lab) -> None:
    outputs = lab.deploy(TEMPLATE, "net", Cidr="10.20.0.0/20")
    assert outputs["NetworkId"].startswith("vpc-")
    s3 = lab.client("s3")
    s3.put_object(
        Bucket="shop-data",
        Key="월/보고 서.csv",
        Body=b"1",
        ContentType="text/csv",
        Metadata={"who": "kim"},
    )
    s3.put_object(Bucket="shop-data", Key="gone", Body=b"2")
    s3.delete_object(Bucket="shop-data", Key="gone")
    s3.create_bucket(
        Bucket="by-hand", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    s3.put_object(Bucket="by-hand", Key="big", Body=b"x" * 3_000_000)
    kill(lab)
    s3 = lab.client("s3")
    assert lab.started.crashed and lab.started.state.problems == []
    assert lab.started.state.restored == {"stacks": 1, "objects": 2}
    assert "10.20.1.0/24" in cidrs(lab)
    (network,) = lab.client("ec2").describe_vpcs(
        Filters=[{"Name": "cidr", "Values": ["10.20.0.0/20"]}]
    )["Vpcs"]
    assert network["VpcId"] == outputs["NetworkId"]
    report = s3.get_object(Bucket="shop-data", Key="월/보고 서.csv")
    assert report["Body"].read() == b"1"
    assert report["ContentType"] == "text/csv" and report["Metadata"] == {"who": "kim"}
    assert s3.get_object(Bucket="by-hand", Key="big")["ContentLength"] == 3_000_000
    assert s3.list_objects_v2(Bucket="shop-data")["KeyCount"] == 1


def multipart(s3: Any) -> None:
    upload = s3.create_multipart_upload(Bucket="shop-data", Key="parts")["UploadId"]
    parts = []
    for number, size in ((1, 5 * 1024 * 1024), (2, 10)):
        told = s3.upload_part(
            Bucket="shop-data", Key="parts", UploadId=upload, PartNumber=number, Body=b"p" * size
        )
        parts.append({"PartNumber": number, "ETag": told["ETag"]})
    s3.complete_multipart_upload(
        Bucket="shop-data", Key="parts", UploadId=upload, MultipartUpload={"Parts": parts}
    )


def test_every_way_into_a_bucket_is_kept(lab: Lab) -> None:
    lab.deploy(TEMPLATE)
    s3 = lab.client("s3")
    multipart(s3)
    s3.copy_object(Bucket="shop-data", Key="copy", CopySource="shop-data/parts")
    for name in ("a", "b"):
        s3.put_object(Bucket="shop-data", Key=name, Body=b"1")
    s3.delete_objects(Bucket="shop-data", Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})
    kill(lab)
    listed = lab.client("s3").list_objects_v2(Bucket="shop-data")["Contents"]
    assert {o["Key"]: o["Size"] for o in listed} == dict.fromkeys(("copy", "parts"), 5242890)


def test_what_was_removed_does_not_come_back(lab: Lab) -> None:
    lab.deploy(TEMPLATE, "net")
    lab.remove("net")
    kill(lab)
    assert lab.client("s3").list_buckets()["Buckets"] == []
    assert lab.stacks() == [] and "10.20.1.0/24" not in cidrs(lab)


def test_a_second_deployment_of_a_name_changes_the_stack(lab: Lab) -> None:
    lab.deploy(TEMPLATE, "net")
    text = TEMPLATE.read_text(encoding="utf-8").replace("10.20.1.0/24", "10.20.2.0/24")
    lab.deploy(text, "net")
    assert lab.stacks() == ["net"]
    kill(lab)
    assert "10.20.2.0/24" in cidrs(lab) and "10.20.1.0/24" not in cidrs(lab)


@pytest.mark.parametrize("times", [1, 2])
def test_a_scenario_is_where_every_reset_begins(lab: Lab, times: int) -> None:
    lab.client("ec2").create_vpc(CidrBlock="172.30.0.0/16")
    for _ in range(times):
        assert lab.reset(SCENARIO) == {"stacks": 1, "objects": 1}
    assert lab.stacks() == ["network"] and lab.scenario == str(SCENARIO)
    told = lab.client("s3").get_object(Bucket="shop-data", Key="orders.csv")
    assert told["Body"].read() == (SCENARIO / "objects/shop-data/orders.csv").read_bytes()
    held = {vpc["CidrBlock"] for vpc in lab.client("ec2").describe_vpcs()["Vpcs"]}
    assert "172.30.0.0/16" not in held and "10.20.0.0/16" in held


def test_a_template_with_an_error_is_refused_with_its_line(lab: Lab) -> None:
    text = TEMPLATE.read_text(encoding="utf-8").replace("AWS::EC2::Subnet", "AWS::EC2::Subnett")
    with pytest.raises(LabError, match=r"line 13: .*Subnett") as caught:
        lab.deploy(text)
    assert caught.value.where == "main"
    assert lab.stacks() == []


def test_what_moto_refuses_is_told_and_not_kept(lab: Lab) -> None:
    text = TEMPLATE.read_text(encoding="utf-8").replace("10.20.1.0/24", "10.99.1.0/24")
    with pytest.raises(LabError, match="could not deploy the stack main"):
        lab.deploy(text)
    assert lab.stacks() == []
