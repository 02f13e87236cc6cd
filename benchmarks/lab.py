"""A start of the cloud lab until it answers, beside a plain ``moto_server``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from benchmarks.rows import Row, timed
from benchmarks.start import _free_port
from kit.home import LearnerHome, open_home
from kit.lab.process import start, stop

GOAL_SECONDS = 2.0
TEMPLATE = Path(__file__).parents[1] / "tests" / "lab" / "scenario"
QUICK = "describe_vpcs"


def rows(rounds: int) -> list[Row]:
    """Ours and the peer take turns; each also until the first call of EC2 is answered."""
    ours, peer, first, bare, again = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder) / "home")
        for _ in range(rounds):
            began = time.perf_counter()
            ours.append(timed(lambda: start(home)))
            _ask_ours(home)
            first.append(time.perf_counter() - began)
            stop(home)
            to_answer, to_call = _plain()
            peer.append(to_answer)
            bare.append(to_call)
        from kit.lab.lab import Lab

        Lab(home).reset(TEMPLATE)
        for _ in range(rounds):
            stop(home)
            again.append(timed(lambda: start(home)))
        stop(home)
    plain = "moto_server"
    return [
        Row("upskill lab start → it answers", ours, f"{plain} → it answers", peer, GOAL_SECONDS),
        Row("the same → first call of EC2", first, f"{plain} → the same call", bare),
        Row("the same with a template and an object", again, f"{plain} → it answers", peer),
    ]


def _ask_ours(home: LearnerHome) -> None:
    from kit.lab.clients import session

    client = session(start(home).state.door).client("ec2")
    getattr(client, QUICK)()


def _plain() -> tuple[float, float]:
    import boto3
    from botocore.config import Config

    port = _free_port()
    command = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1"]
    began = time.perf_counter()
    child = subprocess.Popen(
        [*command, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/moto-api/", child)
        answered = time.perf_counter() - began
        client = boto3.client(
            "ec2",
            region_name="ap-northeast-2",
            endpoint_url=f"http://127.0.0.1:{port}",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(proxies={}),
        )
        getattr(client, QUICK)()
        return answered, time.perf_counter() - began
    finally:
        child.kill()
        child.wait()


def _wait(address: str, child: subprocess.Popen[bytes]) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while child.poll() is None:
        with suppress(urllib.error.URLError, OSError), opener.open(address, timeout=10):
            return
        time.sleep(0.02)
    raise RuntimeError(f"moto_server ended with {child.returncode}")
