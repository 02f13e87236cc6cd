"""Templates escape what they are given, and miss nothing silently."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from kit.templates import html_templates


def test_what_a_person_wrote_is_text_whatever_the_template_is_called(tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text("<b>{{ name }}</b>", encoding="utf-8")
    page = html_templates(tmp_path).get_template("page.html.j2")
    assert page.render(name="<script>") == "<b>&lt;script&gt;</b>"


def test_a_name_that_was_not_given_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text("{{ nmae }}", encoding="utf-8")
    with pytest.raises(UndefinedError, match="nmae"):
        html_templates(tmp_path).get_template("page.html.j2").render(name="x")


def test_a_line_with_a_statement_leaves_no_empty_line(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("a\n  {% if true %}\nb\n  {% endif %}\n", encoding="utf-8")
    assert html_templates(tmp_path).get_template("page.html").render() == "a\nb\n"
