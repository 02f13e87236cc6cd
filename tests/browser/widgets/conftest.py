"""The gallery behind a real JupyterLab of the kit, and behind a plain Notebook 7."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from gallery_page import GalleryPage, open_page

from kit.cli.gallery import make_gallery_home
from kit.files import write_json
from kit.gallery import page_names
from kit.server.lab import jupyter_folder
from tests.conftest import Server, clean_environment, free_port, serve

# what is looked at must be in the page, and not only while it is scrolled to
WHOLE = {"windowingMode": "none"}
# Notebook 7 of somebody who lets it follow the system's theme; nothing else is changed
NOTEBOOK = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/notebook-extension:tracker": WHOLE,
}


@pytest.fixture(scope="session", name="kit")
def gallery_kit(launch: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """``upskill start`` on a home with every page."""
    root = tmp_path_factory.mktemp("gallery") / "home"
    home = make_gallery_home(root, page_names())
    folder = jupyter_folder(home) / "settings" / "@jupyterlab" / "notebook-extension"
    write_json(folder / "tracker.jupyterlab-settings", WHOLE)
    return launch(root)


@dataclass
class NotebookServer:
    """A running ``jupyter notebook``; ``url`` ends with the base path, without the token."""

    server: Server
    url: str
    token: str


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """A plain Notebook 7 on another home with every page; nothing of the kit's server."""
    base = tmp_path_factory.mktemp("notebook")
    home = make_gallery_home(base / "home", page_names())
    labconfig = base / "config" / "labconfig"
    labconfig.mkdir(parents=True)
    (labconfig / "default_setting_overrides.json").write_text(json.dumps(NOTEBOOK))
    command = [sys.executable, "-m", "notebook", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={home.root}", f"--port={free_port()}"]
    command += ["--ServerApp.answer_yes=True", "--LabApp.news_url=None"]
    folders = {
        f"JUPYTER_{name}_DIR": str(base / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    environment = clean_environment(UPSKILL_HOME=str(home.root), **folders)
    server = serve(command, environment)
    # it prints the machine's name for itself; what a page asks for is looked at by address
    address, _, token = server.address.replace("localhost", "127.0.0.1").partition("?token=")
    yield NotebookServer(server, address.removesuffix("tree"), token)
    server.stop()


@pytest.fixture
def gallery(new_visit: Any, kit: Any, request: pytest.FixtureRequest) -> Callable[..., GalleryPage]:
    """``gallery("panel", "notebook", width=420)`` opens a widget's page in a window."""

    def opened(name: str, host: str = "lab", **window: Any) -> GalleryPage:
        server = kit if host == "lab" else request.getfixturevalue("notebook_server")
        return open_page(new_visit(**{"color_scheme": "light", **window}), server, name, host)

    return opened


@pytest.fixture(scope="module")
def kept(lasting_visit: Any, kit: Any) -> Callable[[str], GalleryPage]:
    """``kept("rows")`` opens a page for a whole module: opening one takes ten times a test.

    ``shown`` makes an example anew. What restarts the kernel, or opens another page in this
    server, which ends every session, stands last in the module.
    """
    return partial(open_page, lasting_visit, kit)


@pytest.fixture
def home(kit: Any) -> Path:
    """The home of the gallery in JupyterLab."""
    root: Path = kit.home
    return root
