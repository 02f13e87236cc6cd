from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from kit.server.lab import lab_arguments, prepare_lab, set_lab_language


def read(home, *parts: str):
    path = Path(home.state, "jupyter", *parts)
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_folder_of_jupyter_lies_in_the_home(home):
    environment = prepare_lab(home)
    folders = {k: v for k, v in environment.items() if k.startswith(("JUPYTER", "IPYTHON"))}
    assert {
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_CONFIG_PATH",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    } <= set(folders)
    for value in folders.values():
        assert Path(value).is_relative_to(home.state)
    assert environment["UPSKILL_HOME"] == str(home.root)


def test_the_trainers_pages_and_menus_are_off(home):
    prepare_lab(home)
    extensions = read(home, "config", "jupyter_server_config.json")["ServerApp"]
    enabled = extensions["jpserver_extensions"]
    assert enabled["kit.server"]
    assert not any(on for name, on in enabled.items() if name.startswith("nbgrader"))
    page = read(home, "config", "labconfig", "page_config.json")
    assert page["disabledExtensions"]["@jupyter/nbgrader"]


def test_the_kernel_is_this_environments_python(home):
    prepare_lab(home)
    kernel = read(home, "data", "kernels", "python3", "kernel.json")
    assert kernel["argv"][0] == sys.executable
    assert "{connection_file}" in kernel["argv"]


def test_the_server_listens_on_this_machine_only(home):
    arguments = lab_arguments(home, 8888, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert not any("token" in argument for argument in arguments)


def test_lab_follows_the_homes_language_and_keeps_other_settings(home):
    place = ("settings", "@jupyterlab", "translation-extension", "plugin.jupyterlab-settings")
    prepare_lab(home)
    assert read(home, *place)["locale"] == "default"
    Path(home.state, "jupyter", *place).write_text('{"stringsPrefix": "x"}', encoding="utf-8")
    set_lab_language(replace(home, language="ko"))
    assert read(home, *place) == {"stringsPrefix": "x", "locale": "ko_KR"}


def test_lab_loads_a_style_that_shows_locks_and_fits_narrow_windows(home):
    prepare_lab(home)
    config = read(home, "config", "jupyter_server_config.json")
    assert config["LabApp"]["custom_css"]
    style = Path(home.state, "jupyter", "config", "custom", "custom.css").read_text("utf-8")
    assert "jp-mod-readOnly" in style
    assert "@media (max-width" in style


def test_the_list_of_files_is_closed_at_first_and_then_as_the_learner_left_it(home):
    prepare_lab(home)
    (file,) = Path(home.state, "jupyter", "workspaces").iterdir()
    layout = json.loads(file.read_text("utf-8"))["data"]["layout-restorer:data"]
    assert layout["left"]["collapsed"]
    file.write_text('{"data": {}, "metadata": {"id": "default"}}', encoding="utf-8")
    prepare_lab(home)
    assert json.loads(file.read_text("utf-8"))["data"] == {}
