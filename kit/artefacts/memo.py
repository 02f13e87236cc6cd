"""A memo as Word and as Markdown, in the company's own template where there is one."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.artefacts.keep import write_kept
from kit.artefacts.provenance import Provenance
from kit.errors import DataError
from kit.i18n import Translator

_INLINE = re.compile(r"(\*\*.+?\*\*|`[^`]+`)")
_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def memo_text(title: str, body: str, provenance: Provenance, tr: Translator) -> str:
    """The memo as Markdown, with the provenance as its footer."""
    footer = [f"- {label}: {text.replace(chr(10), '; ')}" for label, text in provenance.lines(tr)]
    return "\n\n".join([f"# {title}", body.strip(), "---", "\n".join(footer)]) + "\n"


def write_memo(
    folder: Path,
    title: str,
    body: str,
    provenance: Provenance,
    tr: Translator | None = None,
    *,
    template: Path | None = None,
    name: str = "memo",
) -> tuple[Path, Path]:
    """Write ``name.docx`` and ``name.md`` into ``folder``; returns both paths.

    ``body`` is Markdown: headings, lists, bold, tables. A ``template`` keeps its styles,
    header and footer; ``{{title}}``, ``{{body}}`` and ``{{provenance}}`` in it are
    filled, and what has no place is put at the end. DataError for a template that is
    no Word document. Files of other content that were there are kept as dated copies.
    """
    translate = tr or Translator("en")
    title, body = _CONTROL.sub("\ufffd", title), _CONTROL.sub("\ufffd", body)
    document = _open(template)
    _fill_title(document, title)
    _fill(document, "{{body}}", list(_blocks(body)))
    footer = [("small", f"{label}: {text}") for label, text in provenance.lines(translate)]
    if not template:
        footer.insert(0, ("rule", ""))
    _fill(document, "{{provenance}}", footer)
    buffer = io.BytesIO()
    document.save(buffer)
    word, markdown = folder / f"{name}.docx", folder / f"{name}.md"
    write_kept(word, buffer.getvalue())
    write_kept(markdown, memo_text(title, body, provenance, translate).encode("utf-8"))
    return word, markdown


def _open(template: Path | None) -> Any:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    if template is None:
        return docx.Document()
    try:
        return docx.Document(str(template))
    except (PackageNotFoundError, KeyError, ValueError, OSError) as error:
        raise DataError(
            "The template is not a Word document (.docx): {error}",
            where=str(template),
            fix="Open it in Word and save it as .docx (not .doc or .dotx).",
            error=error,
        ) from None


def _blocks(body: str) -> Iterator[tuple[str, Any]]:
    """Markdown as (kind, content); kinds: h1 to h4, bullet, number, table, text."""
    table: list[list[str]] = []
    for line in [*body.strip().split("\n"), ""]:
        text = line.strip()
        if text.startswith("|"):
            if not _RULE.match(text):
                table.append([cell.strip() for cell in text.strip("|").split("|")])
            continue
        if table:
            yield "table", table
            table = []
        if heading := re.match(r"^(#{1,4})\s+(.*)$", text):
            yield f"h{len(heading[1])}", heading[2]
        elif bullet := re.match(r"^[-*]\s+(.*)$", text):
            yield "bullet", bullet[1]
        elif number := re.match(r"^\d+[.)]\s+(.*)$", text):
            yield "number", number[1]
        elif text:
            yield "text", text


def _paragraphs(document: Any) -> Iterator[Any]:
    """All paragraphs of the body, those in tables included; letterheads often use tables."""
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def _fill_title(document: Any, title: str) -> None:
    places = [p for p in _headed(document) if "{{title}}" in p.text]
    for place in places:
        _replace(place, "{{title}}", title)
    if not places:
        _write(document.add_paragraph(), "title", title, document)


def _headed(document: Any) -> Iterator[Any]:
    yield from _paragraphs(document)
    for section in document.sections:
        for part in (section.header, section.footer):
            # asking a linked one for its paragraphs would create it
            if not part.is_linked_to_previous:
                yield from part.paragraphs


def _replace(paragraph: Any, place: str, text: str) -> None:
    """Replace inside one run if the place lies in one, else in the first run of the paragraph."""
    for run in paragraph.runs:
        if place in run.text:
            run.text = run.text.replace(place, text)
            return
    # Word splits a place over runs when it was typed in several goes
    whole = paragraph.text.replace(place, text)
    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = whole


def _fill(document: Any, place: str, blocks: list[tuple[str, Any]]) -> None:
    anchor = next((p for p in _paragraphs(document) if place in p.text), None)
    if anchor is None:
        for kind, content in blocks:
            _append(document, kind, content)
        return
    for kind, content in blocks:
        _insert_before(anchor, kind, content, document)
    anchor._element.getparent().remove(anchor._element)


def _append(document: Any, kind: str, content: Any) -> None:
    if kind == "table":
        _fill_table(document.add_table(len(content), max(map(len, content))), content, document)
    else:
        _write(document.add_paragraph(), kind, content, document)


def _insert_before(anchor: Any, kind: str, content: Any, document: Any) -> None:
    if kind == "table":
        table = document.add_table(len(content), max(map(len, content)))
        _fill_table(table, content, document)
        anchor._element.addprevious(table._element)
        return
    paragraph = anchor.insert_paragraph_before()
    if kind in ("text", "small") and anchor._element.pPr is not None:
        # the place's own format is what the company chose for running text
        paragraph._element.insert(0, copy.deepcopy(anchor._element.pPr))
        _runs(paragraph, content, small=kind == "small")
        return
    _write(paragraph, kind, content, document)


_STYLES = {
    "title": "Title",
    "h1": "Heading 1",
    "h2": "Heading 2",
    "h3": "Heading 3",
    "h4": "Heading 4",
    "bullet": "List Bullet",
    "number": "List Number",
}


def _write(paragraph: Any, kind: str, text: str, document: Any) -> None:
    style = _STYLES.get(kind, "")
    known = {s.name for s in document.styles} if style else set()
    if style in known:
        paragraph.style = document.styles[style]
    elif kind in ("bullet", "number"):
        text = f"• {text}"
    _runs(paragraph, text, small=kind == "small", bold=bool(style) and style not in known)


def _runs(paragraph: Any, text: str, *, small: bool = False, bold: bool = False) -> None:
    from docx.shared import Pt

    for piece in _INLINE.split(text):
        if not piece:
            continue
        strong = piece.startswith("**") and len(piece) > 4
        run = paragraph.add_run(piece[2:-2] if strong else piece.strip("`"))
        run.bold = True if strong or bold else None
        if small:
            run.font.size = Pt(8)


def _fill_table(table: Any, rows: list[list[str]], document: Any) -> None:
    if "Table Grid" in {s.name for s in document.styles}:
        table.style = document.styles["Table Grid"]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            paragraph = table.cell(r, c).paragraphs[0]
            _runs(paragraph, text, bold=r == 0)
