from __future__ import annotations

import importlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from kit.cli import doctor
from kit.home import open_home
from kit.i18n import Translator

EN = Translator("en")


def test_a_machine_that_runs_these_tests_is_fit_for_a_learner(own_home, capsys):
    doctor.run_doctor(own_home, as_json=True)
    probes = json.loads(capsys.readouterr().out)["probes"]
    assert len(probes) == len(doctor.PROBES)
    assert all(probe["fix"] for probe in probes if probe["ok"] is False)
    assert not own_home.exists(), "looking must not make a home"


def test_each_probe_is_printed_with_its_name(own_home, capsys):
    doctor.run_doctor(own_home, as_json=False)
    printed = capsys.readouterr().out
    for name in ("Python", "Packages", "Kernel", "Port on 127.0.0.1", "Hangul font", "Sandbox"):
        assert name in printed


def fake_distribution(folder: Path, name: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "RECORD").write_text("kit/__init__.py,,\n")
    (info / "top_level.txt").write_text("kit\n")


def test_another_distribution_that_installs_a_package_kit_blocks(tmp_path, own_home, monkeypatch):
    fake_distribution(tmp_path / "site", "another-kit")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    importlib.invalidate_caches()
    probe = doctor.probe_clash(open_home(own_home), EN)
    assert probe.ok is False
    assert probe.blocks
    assert "another-kit" in probe.detail
    assert "pip uninstall another-kit" in probe.fix
    with pytest.raises(SystemExit) as exit_:
        doctor.run_doctor(own_home, as_json=True)
    assert exit_.value.code == 8


@pytest.mark.skipif(os.name == "nt", reason="a folder's mode means nothing there")
def test_a_place_that_cannot_be_written_blocks_and_names_another_way(tmp_path):
    folder = tmp_path / "sealed"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    # root may write into any folder but those of the kernel
    place = folder if os.geteuid() else Path("/proc/nothing")
    probe = doctor.probe_home(open_home(place / "home"), EN)
    assert probe.ok is False
    assert "--home" in probe.fix


def test_an_upskill_of_another_environment_is_told(tmp_path, own_home, monkeypatch):
    other = tmp_path / "bin" / "upskill"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    probe = doctor.probe_command(open_home(own_home), EN)
    assert probe.ok is False
    assert str(other) in probe.detail
    assert sys.executable in probe.fix
    assert not probe.blocks


def test_a_kernel_of_another_python_is_told(own_home):
    home = open_home(own_home)
    spec = home.state / "jupyter" / "data" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["/opt/other/python"]}), encoding="utf-8")
    probe = doctor.probe_kernel(home, EN)
    assert probe.ok is False
    assert "/opt/other/python" in probe.detail


def test_a_package_that_is_too_old_is_named_with_what_is_needed(own_home, monkeypatch):
    monkeypatch.setitem(doctor.PACKAGES, "pandas", (999, 0))
    probe = doctor.probe_packages(open_home(own_home), EN)
    assert probe.ok is False
    assert "pandas" in probe.detail and "999.0" in probe.detail
    assert "pip install --upgrade" in probe.fix


def fake_command(folder: Path, name: str, code: int) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="no shell scripts there")
@pytest.mark.parametrize(("code", "sign"), [(0, "✓"), (1, "·")])
def test_no_state_of_the_sandbox_warns_a_learner(tmp_path, own_home, monkeypatch, code, sign):
    fake_command(tmp_path, "bwrap", code)
    monkeypatch.setenv("PATH", str(tmp_path))
    probe = doctor.probe_sandbox(open_home(own_home), EN)
    console = Console(record=True, width=100)
    doctor._show(console, probe, EN)
    assert console.export_text().startswith(sign)


@pytest.mark.skipif(sys.platform != "linux", reason="only X and Wayland can be absent")
def test_a_browser_without_a_screen_is_told_apart_from_none(tmp_path):
    fake_command(tmp_path, "chromium", 0)
    code = (
        "from kit.cli import doctor; from kit.home import open_home;"
        "from kit.i18n import Translator;"
        "p = doctor.probe_browser(open_home(), Translator('en')); print(p.ok, p.detail)"
    )
    # Python looks for browsers once, when it is first asked
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith(f"None {tmp_path / 'chromium'}, but no screen")


def test_packages_are_mended_from_the_checkout_where_there_is_one(tmp_path, own_home, monkeypatch):
    monkeypatch.setitem(doctor.PACKAGES, "no-such-package", (1, 0))
    fix = doctor.probe_packages(open_home(own_home), EN).fix
    assert (
        fix == f'"{sys.executable}" -m pip install --upgrade --editable "{doctor.content_root()}"'
    )
    monkeypatch.setattr(doctor, "content_root", lambda: tmp_path / "_content")
    assert doctor.probe_packages(open_home(own_home), EN).fix.endswith("--upgrade upskill-kit")
