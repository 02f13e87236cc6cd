"""JupyterLab as a learner sees it: its configuration, kept inside the learner's home.

    HOME/.upskill/jupyter/
        config/       server extensions, what Lab shows, defaults of its settings
        data/         the kernel that is this environment's Python; trust
        settings/     what the learner sets in Lab
        workspaces/   which tabs were open
        runtime/      connection files: which server runs for this home

Nothing outside the home is read for preferences or written, so another Jupyter of
the same person stays as it is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kit.files import read_json, write_json, write_text
from kit.home import LearnerHome
from kit.i18n import Translator

HOME_PATH = "upskill/"

# nbgrader's pages and menus are the trainer's; the others cost start-up time and
# serve nothing that a learner does here
SERVER_EXTENSIONS = {
    "kit.server": True,
    "jupyterlab": True,
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "jupyterlab_jupytext": False,
    "jupyter_lsp": False,
    "notebook": False,
}
HIDDEN_FRONT_ENDS = (
    "@jupyter/nbgrader",
    "@jupyter-notebook/lab-extension",
    "jupyterlab-jupytext",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/notebook-extension:language-server",
)
_KIT = Path(__file__).parents[1]
# the panel's own style too, for panels whose kernel has gone
LAB_STYLES = tuple(
    _KIT / room / "static" / name
    for room, name in (("server", "lab.css"), ("widgets", "base.css"), ("widgets", "panel.css"))
)
LAB_LOCALES = {"en": "default", "ko": "ko_KR"}


def jupyter_folder(home: LearnerHome) -> Path:
    """Folder of everything that Jupyter keeps for this home."""
    return home.state / "jupyter"


def runtime_folder(home: LearnerHome) -> Path:
    """Where a server of this home leaves its connection file."""
    return jupyter_folder(home) / "runtime"


def prepare_lab(home: LearnerHome) -> dict[str, str]:
    """Write the home's Jupyter configuration; returns the environment that selects it."""
    base = jupyter_folder(home)
    config = base / "config"
    write_json(config / "jupyter_server_config.json", _server_config())
    write_json(
        config / "labconfig" / "page_config.json",
        {"disabledExtensions": dict.fromkeys(HIDDEN_FRONT_ENDS, True)},
    )
    write_json(config / "labconfig" / "default_setting_overrides.json", _lab_defaults(home))
    write_json(base / "data" / "kernels" / "python3" / "kernel.json", _kernel())
    styles = [path.read_text(encoding="utf-8") for path in LAB_STYLES]
    write_text(config / "custom" / "custom.css", "\n".join(styles))
    _first_workspace(base / "workspaces" / "default-37a8.jupyterlab-workspace")
    set_lab_language(home)
    return _environment(home, base)


def set_lab_language(home: LearnerHome) -> None:
    """Make Lab speak the home's language from its next page load."""
    # a user setting is read at each page load, a default only when the server starts
    folder = jupyter_folder(home) / "settings" / "@jupyterlab" / "translation-extension"
    path = folder / "plugin.jupyterlab-settings"
    try:
        mine = read_json(path, {})
    except ValueError:
        # Lab allows comments in this file; a language is not worth an error
        mine = {}
    write_json(path, {**mine, "locale": LAB_LOCALES[home.language]})


def lab_arguments(home: LearnerHome, port: int, browser: bool) -> list[str]:
    """Command line of the Lab server for this home."""
    return [
        f"--ServerApp.root_dir={home.root}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=50",
        f"--ServerApp.open_browser={browser}",
        # Ctrl+C stops at once instead of asking on the terminal
        "--ServerApp.answer_yes=True",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        # containers often have no other user; 127.0.0.1 and the token hold there as well
        "--ServerApp.allow_root=True",
        f"--LabApp.default_url=/{HOME_PATH}",
    ]


def _server_config() -> dict[str, object]:
    return {
        "ServerApp": {"jpserver_extensions": SERVER_EXTENSIONS},
        "KernelManager": {"transport_encryption": _encryption()},
        "LabApp": {
            "extension_manager": "readonly",
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "custom_css": True,
        },
    }


def _first_workspace(path: Path) -> None:
    # the file list would take most of a narrow window; whoever opens it keeps it open
    if not path.exists():
        layout = {"left": {"collapsed": True}}
        data = {"layout-restorer:data": layout}
        write_json(path, {"data": data, "metadata": {"id": "default"}})


def _encryption() -> str:
    # other users of this machine could listen to a kernel's ports otherwise; a build of
    # ZeroMQ without CURVE would refuse to start any kernel
    import zmq

    return "auto" if zmq.has("curve") else "disabled"


def _lab_defaults(home: LearnerHome) -> dict[str, object]:
    tr = Translator(home.language)
    return {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
        "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
        "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
        # handing in reads the file, so it must not lag minutes behind the screen
        "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 15},
        "@jupyterlab/mainmenu-extension:plugin": {
            "menus": [_home_menu(tr)],
        },
    }


def _home_menu(tr: Translator) -> dict[str, object]:
    # Lab has no way back to a page of ours; a menu entry needs no front-end build
    link = {"url": f"/{HOME_PATH}", "text": tr("Home page"), "newBrowserTab": True}
    return {
        "id": "jp-mainmenu-upskill",
        "label": "Upskill",
        "rank": 999,
        "items": [{"command": "help:open", "args": link}],
    }


def _kernel() -> dict[str, object]:
    # what the installed ipykernel declares of itself, such as encryption, stays
    installed = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    try:
        spec = read_json(installed, {})
    except (OSError, ValueError):
        spec = {}
    # an absolute interpreter: another Python's "python3" kernel must never be taken
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    argv.append("--IPKernelApp.extra_extensions=kit.server.fresh_kernel")
    more = {**spec.get("metadata", {}), **_provisioner()}
    own = {"argv": argv, "display_name": "Python 3", "language": "python", "metadata": more}
    return {**spec, **own}


def _provisioner() -> dict[str, object]:
    # here and not in the notebook, which is to run in any other Jupyter as well
    from kit.runner.provision import PROVISIONER, available

    return {"kernel_provisioner": {"provisioner_name": PROVISIONER}} if available() else {}


def _environment(home: LearnerHome, base: Path) -> dict[str, str]:
    config = str(base / "config")
    return {
        "UPSKILL_HOME": str(home.root),
        "UPSKILL_LANG": home.language,
        "JUPYTER_CONFIG_DIR": config,
        # inside a virtual environment its own settings go before the user's;
        # this variable goes before both
        "JUPYTER_CONFIG_PATH": config,
        "JUPYTER_DATA_DIR": str(base / "data"),
        "JUPYTER_PATH": str(base / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime_folder(home)),
        "JUPYTERLAB_SETTINGS_DIR": str(base / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(base / "workspaces"),
        "IPYTHONDIR": str(base / "ipython"),
        "PATH": _path_with_ours(),
    }


def _path_with_ours() -> str:
    # so that `upskill` works in Lab's terminal without an activated environment
    ours = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    return path if ours in path.split(os.pathsep) else os.pathsep.join([ours, path])
