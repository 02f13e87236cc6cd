"""Pictures of every widget in every state: ``make gallery``, into docs/images/gallery.

One picture for each widget, language, theme and window, its examples one below the other as
JupyterLab draws them. They are for looking at and not kept in the repository. Names behind the
command take these widgets alone: ``python docs/gallery.py panel rows``.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

from gallery_page import LANGUAGES, NARROW, SCHEMES, WIDE, GalleryPage, open_page
from PIL import Image
from playwright.sync_api import sync_playwright

from kit.cli.gallery import make_gallery_home
from kit.gallery import find_page, page_names
from tests.browser.conftest import ARGUMENTS
from tests.conftest import start_kit

PICTURES = Path(__file__).resolve().parent / "images" / "gallery"
# what does not fit into the window would be cut off
TALL = 2400
SPACE = 16
GROUND = {"light": "#ffffff", "dark": "#111111"}


def main(names: list[str]) -> None:
    """Take the pictures of these widgets, or of all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("UPSKILL_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as base, sync_playwright() as playwright:
        home = make_gallery_home(Path(base) / "home", names)
        kit = start_kit(home.root)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            for name in names:
                context = browser.new_context(viewport={"width": WIDE, "height": TALL})
                _take(open_page(SimpleNamespace(context=context), kit, name))
                context.close()
        finally:
            browser.close()
            kit.stop()


def _take(page: GalleryPage) -> None:
    examples = list(find_page(page.name).examples)
    for language in LANGUAGES:
        for example in examples:
            page.shown(example, language)
    for scheme in SCHEMES:
        page.wear(scheme)
        for width in (WIDE, NARROW):
            page.notebook.lab.set_viewport_size({"width": width, "height": TALL})
            page.notebook.lab.wait_for_timeout(500)
            for language in LANGUAGES:
                shots = [_shot(page, example, language) for example in examples]
                name = f"{page.name}-{width}-{scheme}-{language}.png"
                _one_below_the_other(shots, GROUND[scheme]).save(PICTURES / name, optimize=True)
                print(f"docs/images/gallery/{name}", flush=True)


def _shot(page: GalleryPage, example: str, language: str) -> Image.Image:
    widget = page.cell(example, language).locator(page.drawn)
    widget.scroll_into_view_if_needed()
    return Image.open(BytesIO(widget.screenshot()))


def _one_below_the_other(shots: list[Image.Image], ground: str) -> Image.Image:
    width = max(shot.width for shot in shots) + 2 * SPACE
    height = sum(shot.height + SPACE for shot in shots) + SPACE
    whole = Image.new("RGB", (width, height), ground)
    top = SPACE
    for shot in shots:
        whole.paste(shot, (SPACE, top))
        top += shot.height + SPACE
    return whole


if __name__ == "__main__":
    main(sys.argv[1:] or page_names())
