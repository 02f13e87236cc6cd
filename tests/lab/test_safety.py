"""Nobody comes in without the key, and nothing goes out, whatever the machine is set to."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.errors import LabError
from kit.lab.lab import Lab

REAL_KEY = "AKIAREALREALREALREAL"
TRAPS = {
    "AWS_ACCESS_KEY_ID": REAL_KEY,
    "AWS_SECRET_ACCESS_KEY": "real-looking-secret",
    "AWS_SESSION_TOKEN": "real-looking-token",
    "AWS_PROFILE": "company",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "https://aws.invalid",
    "AWS_ENDPOINT_URL_S3": "https://s3.invalid",
    "AWS_ENDPOINT_URL_EC2": "https://ec2.invalid",
    "AWS_CA_BUNDLE": "/nowhere.pem",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/creds",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://169.254.169.254",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token",
    "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/real",
    "AWS_CSM_ENABLED": "true",
    "AWS_CSM_HOST": "203.0.113.9",
    "HTTP_PROXY": "http://proxy.invalid:3128",
    "HTTPS_PROXY": "http://proxy.invalid:3128",
    "http_proxy": "http://proxy.invalid:3128",
    "https_proxy": "http://proxy.invalid:3128",
}
FILES = {
    "credentials": f"[company]\naws_access_key_id = {REAL_KEY}\naws_secret_access_key = x\n",
    "config": (
        "[profile company]\nregion = us-east-1\nendpoint_url = https://profile.invalid\n"
        "services = mine\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n"
        "credential_process = /bin/false\n"
        "[sso-session s]\nsso_start_url = https://sso.invalid\nsso_region = us-east-1\n"
        "[services mine]\ns3 =\n  endpoint_url = https://services.invalid\n"
    ),
}


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of somebody who works with a real account."""
    folder = tmp_path / "user" / ".aws"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, value in TRAPS.items():
        monkeypatch.setenv(name, value)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder.parent))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    return folder


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every address that this process looks up or connects to; only 127.0.0.1 gets through."""
    seen: list[Any] = []
    connect, look_up, send = socket.socket.connect, socket.getaddrinfo, socket.socket.sendto

    def watched(self: socket.socket, address: Any) -> None:
        seen.append(address[0])
        assert address[0] == "127.0.0.1", f"a call was on its way to {address}"
        connect(self, address)

    def looked_up(host: Any, *rest: Any, **named: Any) -> Any:
        seen.append(host)
        assert host in ("127.0.0.1", b"127.0.0.1"), f"{host} was looked up"
        return look_up(host, *rest, **named)

    def sent(self: socket.socket, data: Any, *rest: Any) -> int:
        seen.append(rest[-1][0])
        return send(self, data, *rest)

    monkeypatch.setattr(socket.socket, "connect", watched)
    monkeypatch.setattr(socket.socket, "sendto", sent)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    yield seen


def test_no_call_leaves_the_machine_whatever_is_set(
    lab: Lab, traps: Path, reached: list[Any]
) -> None:
    assert lab.client("sts").get_caller_identity()["Account"] == "123456789012"
    lab.client("ec2").describe_instances()
    lab.resource("s3").create_bucket(
        Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    # a session's own clients, an endpoint asked for in vain, services with hosts of their own
    lab.session().client("iam").list_users()
    lab.client("s3", endpoint_url="https://s3.us-east-1.amazonaws.com").list_buckets()
    lab.client("logs", region_name="us-east-1").describe_log_groups()
    assert set(reached) == {"127.0.0.1"}


def test_a_clients_credentials_are_the_labs(lab: Lab, traps: Path) -> None:
    credentials = lab.session().get_credentials()
    assert credentials.access_key.startswith("LKIA") and credentials.token is None


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("s3control", "list_access_points", {"AccountId": "123456789012"}),
        (
            "s3",
            "get_object",
            {"Bucket": "arn:aws:s3:us-east-1:123456789012:accesspoint/x", "Key": "k"},
        ),
        ("timestream-query", "describe_endpoints", {}),
        ("servicediscovery", "discover_instances", {"NamespaceName": "n", "ServiceName": "s"}),
    ],
)
def test_services_that_build_hosts_of_their_own_stay_here(
    lab: Lab, reached: list[Any], service: str, call: str, arguments: dict[str, str]
) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        getattr(lab.client(service), call)(**arguments)
    except (LabError, BotoCoreError, ClientError) as error:
        assert "was looked up" not in str(error)
    assert set(reached) <= {"127.0.0.1"}


def test_a_program_of_its_own_meets_the_lab_and_no_other(lab: Lab, traps: Path) -> None:
    script = (
        "import boto3, json, os, urllib.request\n"
        "print(boto3.client('sts').get_caller_identity()['Account'])\n"
        "print(boto3.Session().get_credentials().access_key)\n"
        "try: urllib.request.urlopen('https://sts.amazonaws.com')\n"
        "except OSError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=lab.environment(), capture_output=True, text=True
    )
    account, key, refused = done.stdout.splitlines()
    assert account == "123456789012" and key.startswith("LKIA"), done.stderr
    assert "403" in refused
    assert REAL_KEY not in json.dumps(lab.environment())


@pytest.mark.parametrize("path", ["/", "/moto-api/reset", "/moto-api/data.json", "/bucket/key"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": "Boto3/1.44 app/0000"},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAX/20261123/r/s3/aws4_request, S=x"},
    ],
    ids=["bare", "token", "key"],
)
def test_who_has_no_key_is_refused(lab: Lab, path: str, headers: dict[str, str]) -> None:
    port = lab.started.state.door.port
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=b"", headers=headers, method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 403


def test_an_address_that_was_signed_for_a_download_needs_nothing_more(lab: Lab) -> None:
    s3 = lab.client("s3")
    s3.create_bucket(
        Bucket="shop", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    s3.put_object(Bucket="shop", Key="a", Body=b"text")
    address = s3.generate_presigned_url("get_object", Params={"Bucket": "shop", "Key": "a"})
    assert urllib.request.urlopen(address).read() == b"text"


def test_only_its_owner_can_read_the_key(lab: Lab) -> None:
    folder = lab._where.folder
    assert folder.stat().st_mode & 0o077 == 0
    assert lab._where.state.stat().st_mode & 0o077 == 0
