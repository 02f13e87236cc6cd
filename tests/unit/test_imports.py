"""Heavy libraries come without what they would build and nobody uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kit.imports import FIRST_LINE

VALIDATES = "import jsonschema\njsonschema.validate(1, {'type': 'integer'})\n"


def run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("importing", ["import jsonschema", "from nbgrader.apps import NbGrader"])
def test_grammars_are_not_built_and_jsonschema_works(importing: str) -> None:
    run(
        "import sys\nfrom kit.imports import lean_imports\n"
        f"with lean_imports():\n    {importing}\n"
        "assert 'jsonschema' in sys.modules\n"
        "left = [name for name in sys.modules if name.startswith('rfc3987_syntax')]\n"
        "assert left == [], 'loaded, or kept from others'\n" + VALIDATES
    )


def test_grammars_that_are_there_already_stay() -> None:
    run(
        "import sys, types\nfrom kit.imports import lean_imports\n"
        "there = sys.modules['rfc3987_syntax'] = types.ModuleType('rfc3987_syntax')\n"
        "with lean_imports():\n    assert sys.modules['rfc3987_syntax'] is there\n"
        "assert sys.modules['rfc3987_syntax'] is there\n"
    )


def test_a_kernels_first_line_keeps_them_out_for_good() -> None:
    run(f"{FIRST_LINE}\n{VALIDATES}assert sys.modules['rfc3987_syntax'] is None\n")


def test_nbgrader_comes_without_servers_and_archives_and_finds_them_when_it_calls_them() -> None:
    run(
        "import sys\nfrom kit.imports import lean_imports\n"
        "with lean_imports():\n    import nbgrader.utils\n"
        "heavy = ('setuptools', 'jupyter_server', 'nbgrader.server_extensions', 'requests',"
        " 'mistune', 'arrow', 'sqlalchemy.dialects.postgresql')\n"
        "assert not [name for name in sys.modules if name.startswith(heavy)]\n"
        "class App:\n    pass\n"
        "try:\n    nbgrader.load_formgrader(App())\n"
        "except AttributeError as error:\n    assert 'App' in str(error)\n"
        "assert 'nbgrader.server_extensions.formgrader.handlers' in sys.modules\n"
        "try:\n    nbgrader.utils.unpack_archive(sys.executable, '.')\n"
        "except Exception as error:\n    assert 'UnrecognizedFormat' in type(error).__name__\n"
        "from nbconvert.exporters import HTMLExporter\n"
        "import nbformat\n"
        "cell = nbformat.v4.new_markdown_cell('**bold** and $x^2$')\n"
        "page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))\n"
        "assert '<strong>bold</strong> and $x^2$' in page\n"
        "from nbgrader.auth.jupyterhub import _query_jupyterhub_api\n"
        "import os\n"
        "os.environ |= {'JUPYTERHUB_API_URL': 'http://127.0.0.1:1',"
        " 'JUPYTERHUB_API_TOKEN': 'none', 'JUPYTERHUB_USER': 'kim'}\n"
        "try:\n    _query_jupyterhub_api('GET', '/users')\n"
        "except Exception as error:\n    assert type(error).__name__ == 'ConnectionError'\n"
        "assert 'requests' in sys.modules\n"
    )


def test_what_was_imported_is_not_looked_through_for_garbage_afterwards() -> None:
    run(
        "import gc\nfrom kit.imports import no_collecting\n"
        "seen = []\n"
        "gc.callbacks.append(lambda phase, info: seen.append(info['generation']))\n"
        "with no_collecting():\n    made = [[number] for number in range(300_000)]\n"
        "more = [[number] for number in range(5_000)]\n"
        "assert gc.isenabled() and seen and 2 not in seen, seen\n"
        # what is frozen for good stays so
        "gc.freeze()\nkept = gc.get_freeze_count()\n"
        "with no_collecting():\n    pass\n"
        "assert gc.get_freeze_count() == kept\n"
    )
