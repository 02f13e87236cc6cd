from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from kit.artefacts import Provenance, write_memo
from kit.errors import DataError

PROVENANCE = Provenance(unit="rightsizing", version="1", reality="REAL", reviewer="finance")
BODY = """Renew **four** servers.

## Range

- low: 1 million won
- high: 2 million won

| year | won |
|---|---|
| 1 | 100 |
"""


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A company's template: header, footer, an own style, and places to fill."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Narae Fittings · {{title}}"
    document.sections[0].footer.paragraphs[0].text = "Internal"
    style = document.styles.add_style("House text", WD_STYLE_TYPE.PARAGRAPH)
    title = document.add_paragraph()
    # Word splits what was typed in several goes
    for piece in ("Memo: {{", "title", "}}"):
        title.add_run(piece)
    document.add_paragraph("{{body}}", style=style)
    document.add_paragraph("Kind regards")
    document.add_paragraph("{{provenance}}")
    path = tmp_path / "template.docx"
    document.save(str(path))
    return path


def test_markdown_becomes_word(tmp_path: Path) -> None:
    word, markdown = write_memo(tmp_path, "Renew or rent", BODY, PROVENANCE)
    document = docx.Document(str(word))
    styles = {p.text: p.style.name for p in document.paragraphs}
    assert styles["Renew or rent"] == "Title"
    assert styles["Range"] == "Heading 2"
    assert styles["low: 1 million won"] == "List Bullet"
    assert [run.text for p in document.paragraphs for run in p.runs if run.bold] == ["four"]
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["1", "100"]
    text = markdown.read_text(encoding="utf-8")
    assert text.startswith("# Renew or rent\n\nRenew **four** servers.")
    assert "- Reviewed by: finance" in text


def test_template_keeps_its_styles_header_and_footer(tmp_path: Path, template: Path) -> None:
    word, _ = write_memo(tmp_path, "Renew or rent", BODY, PROVENANCE, template=template)
    document = docx.Document(str(word))
    assert document.sections[0].header.paragraphs[0].text == "Narae Fittings · Renew or rent"
    assert document.sections[0].footer.paragraphs[0].text == "Internal"
    found = texts(word)
    assert found[0] == "Memo: Renew or rent"
    assert found.index("Renew four servers.") < found.index("Kind regards")
    assert found.index("Kind regards") < found.index("Reviewed by: finance")
    assert not any("{{" in text for text in found)
    body = next(p for p in document.paragraphs if p.text == "Renew four servers.")
    assert body.style.name == "House text"


def test_template_without_places_gets_the_memo_at_its_end(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Letterhead")
    document.save(str(tmp_path / "plain.docx"))
    word, _ = write_memo(tmp_path, "T", "Body.", PROVENANCE, template=tmp_path / "plain.docx")
    found = texts(word)
    assert found[:3] == ["Letterhead", "T", "Body."]
    assert "Reviewed by: finance" in found


def test_template_that_is_no_word_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "memo.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0 old word")
    with pytest.raises(DataError) as error:
        write_memo(tmp_path, "T", "Body.", PROVENANCE, template=path)
    assert "memo.doc" in error.value.where
    assert not (tmp_path / "memo.docx").exists()


def test_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        write_memo(tmp_path, "T", "Body.", PROVENANCE, template=tmp_path / "none.docx")
