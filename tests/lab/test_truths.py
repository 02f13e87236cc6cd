"""The twelve lies: each test shows moto's answer first, then that ours catches it.

A test whose first half fails is good news: moto was mended, and our check may go.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import urllib.error
import zipfile
from io import BytesIO
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kit.errors import LabError
from kit.lab.keeper import call
from kit.lab.lab import Lab
from kit.lab.truths import (
    allowed,
    changed_resources,
    database_label,
    group_faults,
    object_hash,
    percentile,
    refuse_as_proof,
    run_handler,
)

ONCE = Config(retries={"total_max_attempts": 1})
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
DATABASE = {
    "DBInstanceIdentifier": "erp",
    "DBInstanceClass": "db.m5.large",
    "Engine": "postgres",
    "AllocatedStorage": 20,
    "MasterUsername": "kim",
    "MasterUserPassword": "not-a-secret",
}


def template(**resources: Any) -> str:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})


def test_1_a_wrong_checksum_is_taken_and_the_bytes_themselves_tell(lab: Lab) -> None:
    s3, other = lab.client("s3"), hashlib.sha256(b"other")
    s3.create_bucket(
        Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    wrong = base64.b64encode(other.digest()).decode()
    told = s3.put_object(Bucket="bucket", Key="k", Body=b"sent", ChecksumSHA256=wrong)
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 200
    found = object_hash(s3, "bucket", "k")
    assert found == hashlib.sha256(b"sent").hexdigest() != other.hexdigest()


@pytest.fixture
def groups(lab: Lab) -> Any:
    client, ec2 = lab.client("autoscaling"), lab.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    client.create_launch_configuration(
        LaunchConfigurationName="lc", ImageId=image, InstanceType="t3.micro"
    )
    client.create_auto_scaling_group(
        AutoScalingGroupName="web",
        LaunchConfigurationName="lc",
        MinSize=1,
        MaxSize=4,
        DesiredCapacity=3,
        AvailabilityZones=["ap-northeast-2a"],
    )
    return client


def described(groups: Any) -> Any:
    return groups.describe_auto_scaling_groups()["AutoScalingGroups"][0]


def test_2_a_group_grows_beyond_its_maximum_and_its_bounds_tell(groups: Any) -> None:
    assert group_faults(described(groups)) == []
    groups.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=9)
    assert described(groups)["DesiredCapacity"] == 9
    assert "has 9 machines desired, outside of 1 to 4" in group_faults(described(groups))[0]


def test_3_a_policy_never_acts_so_scaling_is_ours_to_simulate(lab: Lab, groups: Any) -> None:
    told = groups.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName="half",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 50,
        },
    )
    assert "PolicyARN" not in told
    with pytest.raises(LabError, match="SIMULATED"):
        refuse_as_proof("autoscaling", "group")


def test_4_an_unknown_type_deploys_and_the_linter_tells(lab: Lab) -> None:
    text = template(X={**VPC, "Type": "AWS::EC2::Vpcc"}, V=VPC)
    cloud = lab.client("cloudformation")
    cloud.create_stack(StackName="raw", TemplateBody=text)
    status = cloud.describe_stacks(StackName="raw")["Stacks"][0]["StackStatus"]
    assert status == "CREATE_COMPLETE"
    with pytest.raises(LabError, match="AWS::EC2::Vpcc"):
        lab.deploy(text)


def test_4_a_change_set_adds_what_is_there_and_the_templates_tell(lab: Lab) -> None:
    cloud, text = lab.client("cloudformation"), template(V=VPC)
    cloud.create_stack(StackName="net", TemplateBody=text)
    cloud.create_change_set(StackName="net", ChangeSetName="same", TemplateBody=text)
    (told,) = cloud.describe_change_set(StackName="net", ChangeSetName="same")["Changes"]
    assert told["ResourceChange"]["Action"] == "Add"
    assert changed_resources(text, text) == {}
    wider = {**VPC, "Properties": {"CidrBlock": "10.0.0.0/8"}}
    assert changed_resources(text, template(V=wider, W=VPC)) == {"V": "Modify", "W": "Add"}
    assert changed_resources(template(V=VPC, W=VPC), "Resources:\n  V: !Ref X\n") == {
        "V": "Modify",
        "W": "Remove",
    }


def test_5_no_percentile_is_returned_and_pandas_computes_it(lab: Lab) -> None:
    from datetime import UTC, datetime, timedelta

    client, now = lab.client("cloudwatch", config=ONCE), datetime.now(UTC)
    window: dict[str, Any] = {
        "StartTime": now - timedelta(hours=1),
        "EndTime": now + timedelta(hours=1),
    }
    data = [{"MetricName": "cpu", "Value": v, "Timestamp": now} for v in range(101)]
    client.put_metric_data(Namespace="n", MetricData=data)
    told = client.get_metric_statistics(
        Namespace="n", MetricName="cpu", Period=7200, ExtendedStatistics=["p95"], **window
    )
    assert all("ExtendedStatistics" not in point for point in told["Datapoints"])
    metric = {"Namespace": "n", "MetricName": "cpu"}
    query = {"Id": "a", "MetricStat": {"Metric": metric, "Period": 7200, "Stat": "p95"}}
    with pytest.raises(ClientError, match="500"):
        client.get_metric_data(MetricDataQueries=[query], **window)
    assert percentile(range(101), 95) == 95


def test_6_a_database_has_an_address_and_nothing_listens(lab: Lab) -> None:
    rds = lab.client("rds")
    assert rds.create_db_instance(**DATABASE)["DBInstance"]["DBInstanceStatus"] == "available"
    told = rds.describe_db_instances()["DBInstances"][0]["Endpoint"]
    assert told["Address"].endswith(".rds.amazonaws.com")
    assert database_label(told["Address"], told["Port"]) == "METADATA"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert database_label("127.0.0.1", port) == "REAL"
    assert database_label("127.0.0.1", port) == "METADATA"


def test_7_a_command_succeeds_unrun_and_is_refused_as_proof(lab: Lab) -> None:
    told = lab.client("ssm").send_command(
        InstanceIds=["i-1234567890abcdef0"],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": ["false"]},
    )
    assert told["Command"]["Status"] == "Success"
    with pytest.raises(LabError, match="ssm command is SIMULATED"):
        refuse_as_proof("ssm", "command")


def archive(source: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("work.py", source)
    return packed.getvalue()


def test_8_a_function_answers_what_it_never_computed_and_ours_runs_it(lab: Lab) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = lab.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))[
        "Role"
    ]["Arn"]
    source = "def handler(event, context):\n    print('noise')\n    return {'y': event['x'] * 2}\n"
    client = lab.client("lambda")
    client.create_function(
        FunctionName="f",
        Runtime="python3.12",
        Role=role,
        Handler="work.handler",
        Code={"ZipFile": archive(source)},
    )
    told = client.invoke(FunctionName="f", Payload=b'{"x": 21}')["Payload"].read()
    assert b"42" not in told
    with pytest.raises(LabError, match="SIMULATED"):
        refuse_as_proof("lambda", "function")
    door = lab.started.state.door
    assert run_handler(door, archive(source), "work.handler", {"x": 21}) == {"y": 42}
    with pytest.raises(LabError, match="KeyError"):
        run_handler(door, archive(source), "work.handler", {})
    with pytest.raises(LabError, match="longer than 1 seconds"):
        run_handler(door, archive("while True: pass"), "work.handler", {}, seconds=1)


def test_9_policies_cannot_be_simulated_and_probes_tell(lab: Lab) -> None:
    iam = lab.client("iam", config=ONCE)
    with pytest.raises((ClientError, ResponseParserError)):
        iam.simulate_custom_policy(PolicyInputList=["{}"], ActionNames=["s3:GetObject"])
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    theirs = lab.client(
        "ec2",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    assert allowed(theirs.describe_instances)
    lab.enforce()
    assert not allowed(theirs.describe_instances)
    assert allowed(lab.client("ec2").describe_instances)
    with pytest.raises(ClientError, match="NotFound"):
        allowed(lambda: lab.client("ec2").stop_instances(InstanceIds=["i-1234567890abcdef0"]))


@pytest.mark.parametrize(
    ("service", "name", "arguments"),
    [
        ("pricing", "describe_services", {}),
        ("compute-optimizer", "get_ec2_instance_recommendations", {}),
        ("mgn", "describe_source_servers", {}),
        ("discovery", "describe_agents", {}),
        ("savingsplans", "describe_savings_plans", {}),
        ("cur", "describe_report_definitions", {}),
        ("dms", "describe_table_statistics", {"ReplicationTaskArn": "x"}),
    ],
)
def test_10_what_is_missing_fails_and_is_answered_by_nobody(
    lab: Lab, service: str, name: str, arguments: dict[str, str]
) -> None:
    """No check of ours is needed while it fails: prices come from the kit's cards."""
    client = lab.client(service, region_name="us-east-1", config=ONCE)
    with pytest.raises((ClientError, BotoCoreError)):
        getattr(client, name)(**arguments)


def test_11_a_database_is_available_at_once_whatever_is_set_and_proves_nothing(lab: Lab) -> None:
    slow = {"model_name": "rds::dbinstance", "transition": {"progression": "manual", "times": 3}}
    path = "/moto-api/state-manager/set-transition"
    call(lab.started.state.door, path, json.dumps(slow).encode())
    told = lab.client("rds").create_db_instance(**DATABASE)["DBInstance"]
    assert told["DBInstanceStatus"] == "available"
    (row,) = (row for row in lab.resources() if row.service == "rds")
    assert (row.state, row.label) == ("available", "METADATA")


def test_12_motos_own_record_fails_and_ours_does_not_need_it(lab: Lab) -> None:
    lab.client("rds").create_db_instance(**DATABASE)
    with pytest.raises(urllib.error.HTTPError, match="500"):
        call(lab.started.state.door, "/moto-api/data.json")
    # what is restored without it: tests/lab/test_keeping.py
