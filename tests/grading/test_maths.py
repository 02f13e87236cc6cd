from __future__ import annotations

import pytest

from kit.grading.maths import with_mathml


def test_inline_and_display_formulas_become_mathml() -> None:
    drawn = with_mathml("Pay $\\frac{a_1}{1+r}$ or\n\n$$\\sum_i c_i$$")
    assert "$" not in drawn
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">' in drawn
    assert 'display="block"' in drawn
    assert "<mfrac>" in drawn


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "**$5M** to $6M",
        "`$a$` and ``$b$``",
        "```\n$a$\n```",
        r"\$a\$",
        r"$\begin{x$",
    ],
)
def test_prices_code_and_bad_latex_stay_as_written(text: str) -> None:
    assert with_mathml(text) == text


@pytest.mark.parametrize(
    "latex",
    [r"\text{<img src=x onerror=alert(1)>}", r"\text{<b>x</b>}", r"\href{javascript:alert(1)}{x}"],
)
def test_markup_and_links_do_not_come_through_a_formula(latex: str) -> None:
    assert with_mathml(f"${latex}$") == f"${latex}$"


def test_markdown_leaves_a_formula_alone() -> None:
    import mistune

    html = str(mistune.create_markdown(escape=False)(with_mathml("$a*b$ and $c*d$ *here*")))
    assert html.count("<em>") == 1
    assert html.count("<mo>*</mo>") == 2
