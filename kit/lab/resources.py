"""What is in a cloud, how far it is real, and what it would cost by a card of examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit.content import read_toml
from kit.data.machines import Rates
from kit.data.prices import HOURS_PER_MONTH, PriceCard

GIB = 1024**3
REAL, METADATA, SIMULATED = "REAL", "METADATA", "SIMULATED"


@dataclass(frozen=True)
class Resource:
    """One row. Prices are None where the card has none, 0 for what costs nothing."""

    service: str
    kind: str
    id: str
    name: str
    state: str
    label: str
    won_per_hour: float | None
    won_per_month: float | None


@dataclass(frozen=True)
class _Prices:
    """Won an hour of everything; ``card`` for storage, ``rates`` for the rest."""

    card: PriceCard
    rates: Rates

    def stored(self, gib: float, month: float | None = None) -> float:
        won = self.card.storage_gib_month if month is None else month
        return gib * won / HOURS_PER_MONTH


Found = tuple[str, str, str, str, float | None]


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[str, str]]:
    """Label by service and kind, from the one table."""
    return read_toml(Path(__file__).parent / "labels.toml")


def label(service: str, kind: str) -> str:
    """How real a kind of resource is here; a kind that nobody has judged is METADATA at most."""
    return labels().get(service, {}).get(kind, METADATA)


def list_resources(cloud: Any, card: PriceCard, rates: Rates) -> list[Resource]:
    """Every resource of a cloud that costs something or carries others."""
    prices = _Prices(card, rates)
    rows = []
    for service, collect in _COLLECTORS.items():
        for kind, id_, name, state, hour in collect(cloud.client(service), prices):
            month = None if hour is None else hour * HOURS_PER_MONTH
            rows.append(
                Resource(service, kind, id_, name, state, label(service, kind), hour, month)
            )
    return rows


def _name(tags: list[dict[str, str]] | None) -> str:
    return next((tag["Value"] for tag in tags or [] if tag["Key"] == "Name"), "")


def _all(client: Any, call: str, key: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator(call).paginate()
    return (item for page in pages for item in page[key])


def _ec2(ec2: Any, prices: _Prices) -> Iterator[Found]:
    for reservation in _all(ec2, "describe_instances", "Reservations"):
        for one in reservation["Instances"]:
            state = one["State"]["Name"]
            if state != "terminated":
                # a machine that is off costs its volumes, which have rows of their own
                hour = prices.rates.machine_hour(one["InstanceType"]) if state == "running" else 0.0
                kind = one["InstanceType"]
                yield "instance", one["InstanceId"], _name(one.get("Tags")) or kind, state, hour
    for one in _all(ec2, "describe_volumes", "Volumes"):
        hour = prices.stored(one["Size"])
        yield "volume", one["VolumeId"], f"{one['Size']} GiB", one["State"], hour
    for one in _all(ec2, "describe_vpcs", "Vpcs"):
        if not one["IsDefault"]:
            yield "network", one["VpcId"], _name(one.get("Tags")) or one["CidrBlock"], "", 0.0
    for one in _all(ec2, "describe_subnets", "Subnets"):
        if not one["DefaultForAz"]:
            yield "subnet", one["SubnetId"], _name(one.get("Tags")) or one["CidrBlock"], "", 0.0
    for one in _all(ec2, "describe_nat_gateways", "NatGateways"):
        if one["State"] != "deleted":
            yield "gateway", one["NatGatewayId"], "", one["State"], prices.rates.gateway_hour


def _s3(s3: Any, prices: _Prices) -> Iterator[Found]:
    for bucket in s3.list_buckets()["Buckets"]:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
        size = sum(one["Size"] for page in pages for one in page.get("Contents", []))
        hour = prices.stored(size / GIB, prices.rates.object_gib_month)
        yield "bucket", bucket["Name"], bucket["Name"], f"{size} B", hour


def _iam(iam: Any, _prices: _Prices) -> Iterator[Found]:
    for user in _all(iam, "list_users", "Users"):
        yield "user", user["UserId"], user["UserName"], "", 0.0


def _rds(rds: Any, prices: _Prices) -> Iterator[Found]:
    for one in _all(rds, "describe_db_instances", "DBInstances"):
        running = prices.rates.database_hour(one["DBInstanceClass"])
        # stopped, a database is billed for its storage all the same
        on = one["DBInstanceStatus"] != "stopped"
        rate = prices.card.storage_gib_month * prices.rates.database_storage_share
        storage = prices.stored(one["AllocatedStorage"], rate)
        hour = None if on and running is None else storage + (running or 0.0) * on
        name = one["DBInstanceIdentifier"]
        yield "instance", name, one["DBInstanceClass"], one["DBInstanceStatus"], hour


def _elbv2(balancers: Any, prices: _Prices) -> Iterator[Found]:
    for one in _all(balancers, "describe_load_balancers", "LoadBalancers"):
        hour = prices.rates.balancer_hour
        yield (
            "balancer",
            one["LoadBalancerArn"],
            one["LoadBalancerName"],
            one["State"]["Code"],
            hour,
        )


def _autoscaling(groups: Any, _prices: _Prices) -> Iterator[Found]:
    for one in _all(groups, "describe_auto_scaling_groups", "AutoScalingGroups"):
        name = one["AutoScalingGroupName"]
        # its machines have rows of their own
        yield "group", name, name, f"{one['DesiredCapacity']}", 0.0


def _lambda(functions: Any, _prices: _Prices) -> Iterator[Found]:
    for one in _all(functions, "list_functions", "Functions"):
        yield "function", one["FunctionArn"], one["FunctionName"], "", 0.0


_COLLECTORS: dict[str, Callable[[Any, _Prices], Iterator[Found]]] = {
    "ec2": _ec2,
    "s3": _s3,
    "iam": _iam,
    "rds": _rds,
    "elbv2": _elbv2,
    "autoscaling": _autoscaling,
    "lambda": _lambda,
}
