"""What was odd about a submission that was graded all the same, for people of any language.

A remark is stored in English, one on each line, and known again by its template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kit.i18n import Phrase, Translator, mark, phrase, recognised

TWICE = mark("Cells were there twice, and the last one counts: {cells}.")
GONE = mark("Cells were deleted and have been put back: {cells}.")
UNANSWERED = mark("Answer cells were missing: {cells}.")
CHANGED = mark("Checks had been changed, and the originals were used: {cells}.")
LATE_CELL = mark("{exercise}: stopped after {seconds} seconds.")
DIED = mark("The kernel died; cells from there on earned nothing.")
STUCK = mark("A cell could not be interrupted; cells from there on earned nothing.")
OUT_OF_TIME = mark(
    "The notebook ran into its limit of {seconds} seconds; later cells earned nothing."
)
TOO_MUCH = mark("More was shown than is kept: {cells}.")
LINKS = mark("Links and other things that are no files were removed: {files}.")
TOO_BIG = mark("{file} is too big and was left aside.")
DAMAGED = mark("{file} is damaged and was left aside.")
IMPOSSIBLE = mark("{file} says something impossible ({place}).")
# what the kernel of somebody's code said is not what counts
PASSED_THERE = mark(
    "Passed in the learner's own kernel, but not in the separate check, which counts: {cells}."
)
FAILED_THERE = mark(
    "Not passed in the learner's own kernel, but in the separate check, which counts: {cells}."
)
NOT_JUDGED = mark("The separate check could not be run, so please look yourself: {cells}.")
REMARKS = (
    TWICE, GONE, UNANSWERED, CHANGED, LATE_CELL, DIED, STUCK, TOO_BIG, DAMAGED, IMPOSSIBLE,
    OUT_OF_TIME, TOO_MUCH, LINKS,
    PASSED_THERE, FAILED_THERE, NOT_JUDGED,
)  # fmt: skip
# the same to the learner: what happened to a cell, and that nothing is lost by it
TO_LEARNER: Mapping[str, str] = {
    TWICE: mark("There were two cells of {exercises}; the last one counts."),
    GONE: mark("A locked cell of {exercises} was missing; the original was put back."),
    UNANSWERED: mark(
        "The answer cell of {exercises} was missing; what stands in cells of your own was used."
    ),
    CHANGED: mark("The check of {exercises} had been changed; the original was used."),
    DIED: mark(
        "A cell ended the whole run: it stopped Python itself, or it took too much memory. What "
        "was checked before counts; what comes after has no answer."
    ),
    STUCK: mark(
        "A cell went on after its time was over, so nothing after it was run: does a loop in it "
        "end? What was checked before counts."
    ),
    OUT_OF_TIME: mark(
        "The notebook took longer than {seconds} seconds in all. What was checked before counts; "
        "what comes after has no answer."
    ),
}


def remarks(reason: str) -> list[str]:
    """The remarks of a stored ``reason``: phrases, and as it is what is no remark of ours."""
    return [recognised(line, REMARKS) for line in reason.splitlines() if line]


def remark(reason: str) -> str:
    """All remarks of a stored ``reason`` as one phrase."""
    told = {f"n{number}": one for number, one in enumerate(remarks(reason))}
    return phrase(" ".join(f"{{{name}}}" for name in told), **told)


def for_learner(reason: str, title: Callable[[str], str], say: Translator) -> list[str]:
    """What a learner is told of it, with the titles of exercises; ``title`` takes an id."""
    told = []
    for one in remarks(reason):
        if isinstance(one, Phrase) and one.template in TO_LEARNER:
            ids = str(one.values.get("cells", "")).split(", ")
            names = ", ".join(f"“{title(name)}”" for name in dict.fromkeys(ids))
            told.append(say(TO_LEARNER[one.template], exercises=names, **one.values))
    return told
