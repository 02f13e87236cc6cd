"""Which language is spoken, and what happens to messages without a translation."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.i18n import Translator, mark, read_catalogue, resolve_language

VARIABLES = ("UPSKILL_LANG", "LC_ALL", "LC_MESSAGES", "LANG")

CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "{n} left"
msgstr "{n}개 남음"

#, fuzzy
msgid "unsure"
msgstr "확실하지 않음"

msgid "empty"
msgstr ""
"""


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def korean(tmp_path: Path) -> Translator:
    (tmp_path / "ko.po").write_text(CATALOGUE, encoding="utf-8")
    return Translator("ko", tmp_path)


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("ko_KR.UTF-8", "ko"),
        ("ko-KR", "ko"),
        ("Korean_Korea.949", "ko"),
        ("en_GB.UTF-8", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
    ],
)
def test_the_locale_decides(clean: pytest.MonkeyPatch, value: str, language: str) -> None:
    clean.setenv("LANG", value)
    assert resolve_language() == language


def test_asked_for_beats_variable_beats_locale(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("LANG", "en_US.UTF-8")
    clean.setenv("UPSKILL_LANG", "ko")
    assert resolve_language() == "ko"
    assert resolve_language("en") == "en"


def test_lc_all_beats_lang(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("LC_ALL", "ko_KR.UTF-8")
    clean.setenv("LANG", "en_US.UTF-8")
    assert resolve_language() == "ko"


def test_a_language_we_do_not_speak_falls_to_the_next_candidate(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("LC_ALL", "fr_FR.UTF-8")
    clean.setenv("LANG", "ko_KR.UTF-8")
    assert resolve_language("de") == "ko"


def test_a_template_is_translated_then_filled(korean: Translator) -> None:
    assert korean("{n} left", n=3) == "3개 남음"


@pytest.mark.parametrize("message", ["unsure", "empty", "nobody translated this"])
def test_without_a_sure_translation_english_is_shown(korean: Translator, message: str) -> None:
    assert korean(message) == message


def test_braces_in_a_message_without_values_stay() -> None:
    assert Translator("en")("a set {1, 2}") == "a set {1, 2}"


def test_the_units_words_come_before_the_kits(tmp_path: Path) -> None:
    shared = next(iter(read_catalogue(Path(mark.__code__.co_filename).parent / "locale" / "ko.po")))
    (tmp_path / "ko.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        f'msgid "{shared}"\nmsgstr "우리 말"\n',
        encoding="utf-8",
    )
    assert Translator("ko", tmp_path)(shared) == "우리 말"
    assert Translator("ko")(shared) != "우리 말"


def test_a_unit_without_a_catalogue_is_english(tmp_path: Path) -> None:
    assert Translator("ko", tmp_path / "none")("nobody translated this") == "nobody translated this"
