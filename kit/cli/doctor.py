"""``upskill doctor``: probes of what a learner's machine needs, each with its fix."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from kit.content import content_root
from kit.home import LearnerHome, open_home
from kit.i18n import Translator

FAILED = 8
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "microsoft-edge")
PACKAGES = {
    "jupyterlab": (4, 5),
    "jupyter_server": (2, 14),
    "ipykernel": (7, 1),
    "ipywidgets": (8, 1),
    "anywidget": (0, 9),
    "nbgrader": (0, 9),
    "pandas": (2, 2),
}


@dataclass(frozen=True)
class Probe:
    """One finding. ``ok`` None means information only; ``blocks`` says a learner cannot go on."""

    name: str
    ok: bool | None
    detail: str
    fix: str = ""
    blocks: bool = True


def run_doctor(root: Path | None, language: str | None = None, *, as_json: bool) -> None:
    """Probe and print; exits with 8 when something failed that blocks a learner."""
    home = open_home(root, language)
    tr = Translator(home.language)
    console = Console(highlight=False)
    if as_json:
        probes = [probe(home, tr) for probe in PROBES]
        print(json.dumps({"probes": [asdict(p) for p in probes]}, ensure_ascii=False, indent=1))
    else:
        probes = []
        for probe in PROBES:
            with console.status(tr("Probing …")):
                probes.append(probe(home, tr))
            _show(console, probes[-1], tr)
    # a missing font or browser has a way round; a missing kernel has none
    if any(p.ok is False and p.blocks for p in probes):
        raise SystemExit(FAILED)


_SIGNS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "dim")}


def _show(console: Console, probe: Probe, tr: Translator) -> None:
    failed_with_a_way_round = probe.ok is False and not probe.blocks
    sign, style = ("!", "yellow") if failed_with_a_way_round else _SIGNS[probe.ok]
    line = Text(f"{sign} ", style=style)
    line.append(f"{probe.name}: ", style="bold")
    line.append(probe.detail, style="default")
    console.print(line, soft_wrap=True)
    if probe.ok is False and probe.fix:
        console.print(Text(f"  {tr('Fix')}: {probe.fix}"), soft_wrap=True)


def probe_python(_home: LearnerHome, tr: Translator) -> Probe:
    """Python 3.11 or later."""
    version = ".".join(str(n) for n in sys.version_info[:3])
    return Probe(
        "Python",
        sys.version_info >= (3, 11),
        f"{version}, {sys.executable}",
        tr("Install Python 3.11 or later and make the environment again."),
    )


def probe_packages(_home: LearnerHome, tr: Translator) -> Probe:
    """The Jupyter packages at versions that work together."""
    found, wrong = [], []
    for name, least in PACKAGES.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(tr("{name} is missing", name=name))
            continue
        found.append(f"{name} {version}")
        if _numbers(version) < least:
            needed = ".".join(map(str, least))
            wrong.append(
                tr(
                    "{name} {version} is older than {least}",
                    name=name,
                    version=version,
                    least=needed,
                )
            )
    fix = f'"{sys.executable}" -m pip install --upgrade {install_source()}'
    return Probe(tr("Packages"), not wrong, ", ".join(wrong or found), fix)


def install_source() -> str:
    """What pip installs the kit from: the checkout if this is one, else the package's name."""
    root = content_root()
    return "upskill-kit" if root.name == "_content" else f'--editable "{root}"'


def _numbers(version: str) -> tuple[int, ...]:
    # "4.6.0rc1" has a tail that is no number
    parts = version.split(".")[:2]
    return tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in parts)


def probe_clash(_home: LearnerHome, tr: Translator) -> Probe:
    """Another distribution that installs a package named ``kit`` hides ours."""
    # PyPI has a distribution of that name; whichever came last wins the folder
    owners = importlib.metadata.packages_distributions().get("kit", [])
    others = sorted({name for name in owners if name != "upskill-kit"})
    here = str(Path(__file__).resolve().parent.parent)
    if not others:
        return Probe(tr("Package kit"), True, here)
    return Probe(
        tr("Package kit"),
        False,
        tr("also installed by: {names}", names=", ".join(others)),
        f'"{sys.executable}" -m pip uninstall {" ".join(others)} && '
        f'"{sys.executable}" -m pip install --force-reinstall --no-deps {install_source()}',
    )


def probe_command(_home: LearnerHome, tr: Translator) -> Probe:
    """``upskill`` on the PATH belongs to this environment."""
    found = shutil.which("upskill")
    ours = Path(sys.executable).parent
    if found and Path(found).parent.resolve() == ours.resolve():
        return Probe(tr("Command upskill"), True, found)
    detail = tr("another one: {path}", path=found) if found else tr("not on the PATH")
    fix = tr("Activate the environment, or run: {command}", command=f'"{sys.executable}" -m kit')
    return Probe(tr("Command upskill"), False, detail, fix, blocks=False)


def probe_home(home: LearnerHome, tr: Translator) -> Probe:
    """The home, or the folder it will be made in, can be written."""
    folder = home.root
    # a home that is not made yet: the folder that will hold it decides
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        fix = tr("Choose another folder: {command}", command="upskill start --home DIR")
        return Probe(tr("Home"), False, f"{folder}: {error.strerror}", fix)
    return Probe(tr("Home"), True, str(home.root))


def probe_port(_home: LearnerHome, tr: Translator) -> Probe:
    """A port on 127.0.0.1 can be opened and reached."""
    try:
        # security software may allow the port and drop what is sent to it: try both
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                pass
    except OSError as error:
        fix = tr("Allow Python to listen on 127.0.0.1 in the firewall or security software.")
        return Probe(tr("Port on 127.0.0.1"), False, str(error), fix)
    return Probe(tr("Port on 127.0.0.1"), True, tr("can be opened and reached"))


def probe_kernel(home: LearnerHome, tr: Translator) -> Probe:
    """A notebook's kernel starts, and is this environment's Python."""
    # the same interpreter that the home's kernelspec names, without a server
    command = [sys.executable, "-c", "import ipykernel.kernelapp, kit, sys; print(sys.executable)"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Probe(tr("Kernel"), False, str(error), _reinstall())
    if run.returncode != 0:
        last = run.stderr.strip().splitlines()[-1:] or [str(run.returncode)]
        return Probe(tr("Kernel"), False, last[0], _reinstall())
    return _kernelspec(home, tr)


def _kernelspec(home: LearnerHome, tr: Translator) -> Probe:
    from kit.server.lab import jupyter_folder

    spec = jupyter_folder(home) / "data" / "kernels" / "python3" / "kernel.json"
    if not spec.is_file():
        return Probe(tr("Kernel"), True, tr("starts; the home's own is written by upskill start"))
    try:
        interpreter = json.loads(spec.read_text(encoding="utf-8"))["argv"][0]
    except (ValueError, KeyError, IndexError):
        interpreter = "?"
    same = interpreter == sys.executable
    detail = interpreter if same else tr("the home uses another Python: {path}", path=interpreter)
    return Probe(tr("Kernel"), same, detail, "upskill start", blocks=False)


def _reinstall() -> str:
    return f'"{sys.executable}" -m pip install --force-reinstall ipykernel {install_source()}'


def probe_font(_home: LearnerHome, tr: Translator) -> Probe:
    """A font with Hangul, for pages and charts; only Linux can lack one."""
    lister = shutil.which("fc-list")
    # Windows and macOS ship Hangul and have no such command
    if lister is None:
        return Probe(tr("Hangul font"), None, tr("not probed on this system"), blocks=False)
    run = subprocess.run(
        [lister, ":lang=ko", "family"], capture_output=True, text=True, timeout=60, check=False
    )
    families = sorted({line.split(",")[0] for line in run.stdout.splitlines() if line.strip()})
    fix = tr("Install one, such as: {command}", command="sudo apt install fonts-noto-cjk")
    detail = ", ".join(families[:3]) or tr("none found")
    return Probe(tr("Hangul font"), bool(families), detail, fix, blocks=False)


def probe_browser(_home: LearnerHome, tr: Translator) -> Probe:
    """A browser that can be opened; without one the printed address is copied."""
    try:
        name = webbrowser.get().__class__.__name__
    except webbrowser.Error:
        # Python looks for browsers only where there is a screen
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        if installed:
            said = tr("{path}, but no screen here to open it on", path=installed)
            return Probe(tr("Browser"), None, said, blocks=False)
        fix = tr("Copy the address that upskill start prints into a browser.")
        return Probe(tr("Browser"), False, tr("none found"), fix, blocks=False)
    return Probe(tr("Browser"), True, name, blocks=False)


def probe_sandbox(_home: LearnerHome, tr: Translator) -> Probe:
    """Whether code can be run apart; trainers need it, learners do not."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return Probe(
            tr("Sandbox"), None, tr("bwrap is not installed; only trainers need it"), blocks=False
        )
    run = subprocess.run(
        # installed is not enough: containers often forbid user namespaces
        [bwrap, "--ro-bind", "/", "/", "--unshare-all", "true"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if run.returncode == 0:
        return Probe(tr("Sandbox"), True, tr("bwrap works"), blocks=False)
    return Probe(tr("Sandbox"), None, run.stderr.strip()[:200], blocks=False)


PROBES: tuple[Callable[[LearnerHome, Translator], Probe], ...] = (
    probe_python,
    probe_packages,
    probe_clash,
    probe_command,
    probe_home,
    probe_port,
    probe_kernel,
    probe_font,
    probe_browser,
    probe_sandbox,
)
