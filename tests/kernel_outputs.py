"""Cells whose outputs two kinds of kernel are compared by."""

from __future__ import annotations

import copy
import re
from typing import Any

import nbformat

CELLS = {
    "a frame": "import pandas as pd\nframe = pd.DataFrame({'a': range(5)})\nframe.describe()",
    "a chart": "import altair as alt\nalt.Chart(frame).mark_bar().encode(x='a')",
    "awaiting": "import asyncio\nawait asyncio.sleep(0)\n6 * 7",
    "a magic": "%time sum(range(10))",
    "a cell magic": "%%bash\necho from bash",
    "a line of the system": "!echo from the system",
    "a subprocess": "import subprocess\nsubprocess.run(['echo', 'from a subprocess'])",
    "below Python": "import os\nos.write(1, b'from below\\n')",
    "both streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)",
    "much printing": "for n in range(20_000): print(n)",
    "a display": "from IPython.display import HTML, display\ndisplay(HTML('<b>b</b>'))",
    "an updated display": "shown = display('one', display_id=True)\nshown.update('two')",
    "a cleared output": "from IPython.display import clear_output\n"
    "print(1)\nclear_output()\nprint(2)",
    "an error": "1 / 0",
    "an error below": "def f():\n    return undefined\nf()",
    "a syntax error": "def :",
    "a question": "input('your name? ')",
    "an exit": "raise SystemExit",
    "names after it": "frame.shape, __name__",
    "a widget": "import ipywidgets as w\nw.IntSlider(3)",
    "an output widget": "o = w.Output()\nwith o:\n    print('inside')\no",
    "a thread": "from threading import Thread\n"
    "t = Thread(target=lambda: print('t'))\nt.start()\nt.join()",
    "last results": "_i, Out[3]",
    "a warning": "import warnings\nwarnings.warn('careful')",
    "a pickled class": "import pickle\nclass C: pass\ntype(pickle.loads(pickle.dumps(C()))) is C",
    "a trailing semicolon": "1;",
    "nothing but a comment": "# nothing",
    "strange characters": "print('한글', '\\x00')",
}

# what an ordinary kernel reads from below Python comes when it comes
UNORDERED = ("a subprocess", "below Python")


def notebook(*cells: str) -> Any:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python", "language": "python"}
    return made


def text_of(made: Any, place: int) -> str:
    return "".join(
        output.get("text", "") or str(output.get("data", {}).get("text/plain", ""))
        for output in made.cells[place].outputs
    )


def alike(outputs: Any) -> str:
    """Without what differs from run to run: addresses, ids, times, where printing is cut."""
    joined: list[Any] = []
    for output in outputs:
        if joined and "name" in output and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(copy.deepcopy(output))
    text = re.sub(r"0x[0-9a-f]+|'model_id': '\w+'|[0-9a-f]{32}", "·", repr(joined))
    return re.sub(r"ipykernel_\d+/\d+|[\d.e+]+ (µs|μs|ms|ns|s)\b", "·", text)
