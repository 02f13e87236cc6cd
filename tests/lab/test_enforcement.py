"""Policies bind users when they are switched on, the lab's own key never; refusals are listed."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from kit.lab.lab import Lab

READER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
}


def user_key(lab: Lab) -> dict[str, str]:
    iam = lab.client("iam")
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(READER))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    return {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }


def test_a_user_may_do_what_the_policy_allows_and_no_more(lab: Lab) -> None:
    key = user_key(lab)
    lab.enforce()
    lab.client("s3", **key).list_buckets()
    with pytest.raises(ClientError, match=r"not authorized to perform: ec2:DescribeInstances"):
        lab.client("ec2", **key).describe_instances()
    with pytest.raises(ClientError, match="Access Denied"):
        lab.client("s3", **key).create_bucket(
            Bucket="audit-log", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
        )
    told = [(each["who"].rpartition("/")[2], each["action"]) for each in lab.denied()]
    assert told == [("reader", "ec2:DescribeInstances"), ("reader", "s3:CreateBucket")]
    # the account's root looks at all of it nevertheless
    assert lab.client("ec2").describe_instances()["Reservations"] == []


def test_a_key_with_a_wrong_secret_opens_nothing(lab: Lab) -> None:
    key = user_key(lab) | {"aws_secret_access_key": "guessed"}
    lab.enforce()
    with pytest.raises(ClientError, match=r"signature|AuthFailure"):
        lab.client("s3", **key).list_buckets()


def test_switched_off_everybody_may_do_everything(lab: Lab) -> None:
    key = user_key(lab)
    lab.enforce()
    lab.enforce(False)
    lab.client("ec2", **key).describe_instances()
    assert lab.denied() == []
