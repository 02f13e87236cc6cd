"""Settings of widgets are kept by key, and a damaged file costs no more than setting them again."""

from __future__ import annotations

from kit.home import LearnerHome
from kit.progress.settings import Settings, draft_key


def test_each_part_keeps_its_own_and_none_takes_one_away(tiny_home: LearnerHome) -> None:
    practice, graded = (Settings(tiny_home, "tiny", part) for part in ("practice", "graded"))
    practice.update({"q": 95, "text": "서버"})
    practice.update({"q": None, draft_key("who"): "b"})
    assert practice.read() == {"text": "서버", "draft who": "b"}
    assert practice.drafts(["who", "other"]) == {"draft who": "b"}
    assert graded.read() == {}


def test_a_damaged_file_holds_nothing_and_is_written_over(tiny_home: LearnerHome) -> None:
    settings = Settings(tiny_home, "tiny", "practice")
    for damaged in ("{", "[]", "5"):
        settings.update({"q": 1})
        settings.path.write_text(damaged, encoding="utf-8")
        assert settings.read() == {}
    settings.update({"q": 2})
    assert settings.read() == {"q": 2}
