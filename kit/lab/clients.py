"""Ordinary boto3 sessions that can reach the lab and nothing else.

boto3 looks for credentials, profiles, endpoints and proxies in a dozen places of a machine.
A session made here looks at none of them, so that a learner's real account is out of reach;
and whatever a call would be sent to, it is looked at once more before it leaves.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as VARIABLES

from kit.errors import LabError
from kit.lab.state import Door

REGION = "ap-northeast-2"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def session(door: Door) -> Any:
    """A ``boto3.Session`` of the lab; its clients and resources are boto3's own."""
    # neither the environment nor a file stands behind any of botocore's settings
    sealed = {
        name: (None, None, None if name.endswith("_file") else default, convert)
        for name, (_config, _environment, default, convert) in VARIABLES.items()
    }
    inner: Any = botocore.session.Session(session_vars=sealed)
    inner.set_credentials(door.key, door.secret)
    inner.register("before-send", partial(_keep_here, door))
    inner.create_client = partial(_create_client, door, inner.create_client)
    return boto3.Session(botocore_session=inner, region_name=REGION)


def _create_client(door: Door, create: Any, service: str, *args: Any, **named: Any) -> Any:
    """Like botocore's; endpoint and proxies are the lab's, whatever is asked for."""
    ours = Config(
        proxies={},
        inject_host_prefix=False,
        user_agent_appid=door.token,
        s3={"addressing_style": "path"},
    )
    names = ("region_name", "api_version", "use_ssl", "verify", "endpoint_url")
    named |= dict(zip(names, args, strict=False))
    config = named.get("config")
    named["config"] = config.merge(ours) if config is not None else ours
    named |= {"endpoint_url": door.endpoint, "use_ssl": False, "verify": None}
    return create(service, **named)


def _keep_here(door: Door, request: Any, **_rest: Any) -> None:
    if urlsplit(request.url).netloc != f"127.0.0.1:{door.port}":
        raise LabError(
            "This call would leave the machine, so it was not sent.",
            where=request.url,
            fix="Use the lab's own clients, such as lab.client('ec2'), without an endpoint.",
        )


def environment(door: Door) -> dict[str, str]:
    """This process's environment for a program that uses the lab, such as the AWS CLI.

    Whatever overlooks the endpoint meets the lab as its proxy, and is refused there.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("AWS_") and name.lower() not in _PROXIES
    }
    refused = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), door.endpoint)
    refused["NO_PROXY"] = "127.0.0.1,localhost"
    # curl and requests read the small ones, others the capitals
    refused |= {name.lower(): value for name, value in refused.items()}
    return (
        kept
        | refused
        | {
            "AWS_ACCESS_KEY_ID": door.key,
            "AWS_SECRET_ACCESS_KEY": door.secret,
            "AWS_ENDPOINT_URL": door.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_SDK_UA_APP_ID": door.token,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )
