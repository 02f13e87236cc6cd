"""Exercise ``memo``: every figure is looked up in the learner's own model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kit.checking import Mistake, NotAttempted, Work, exercise_check, expect
from kit.i18n import mark

from .audit import claims_of
from .draft import FAULTY
from .figures import PERCENT, RATIO, WON, Figure, figures, words
from .known import Known, known
from .ledger import OPTIONS
from .npv import TITLES
from .work import Model, model_of

if TYPE_CHECKING:
    from ..case import Case

MOST_WORDS = 250
# an 어절 holds more than an English word
LEAST_WORDS, LEAST_KOREAN = 40, 25
LEAST_SENTENCES = 3
_HANGUL = re.compile(r"[가-힣]")
_SENTENCE = re.compile(r"\S[^.!?。]*(?:\d\.\d[^.!?。]*)*[.!?。](?=\s|$|[\"'”’)])")
_OPTION_WORDS = {
    "renew": re.compile(
        r"\brenew|\breplac|\bbuy|\bown\b|purchas|new servers|갱신|교체|구매|구입|새 서버"
    ),
    "cloud": re.compile(r"\bcloud|\brent|클라우드|임차"),
}
_RECOMMENDS = re.compile(
    r"recommend|propose|advise|\bsuggest|\blet us\b|\bopt for\b|\bgo (?:for|with)\b"
    # only what the firm should do: “the cloud must prove its price” recommends nothing
    r"|\b(?:we|you|i|they|firm|company|board|cfo) (?:should|must|ought|shall|choose|prefer|decide)"
    r"|권고|권합|권장|추천|제안|선택해야|선택합|택해야|택합|전환해야|옮겨야|가야|합시다|낫습|낫다"
)
# what is put aside in favour of the rest of the sentence: no word for the option
_PUT_ASIDE = re.compile(
    r"(?:\binstead of|\brather than|\band not|\bbut not|, not)\b[^,.;!?]*"
    r"|[^\s,.;!?]+\s+대신|[^\s,.;!?]+보다(?=[\s,])"
)
# what would be right in another future speaks against nothing today
_CONDITION = re.compile(r"\bif\b|\bunless\b|\bwhenever\b|경우|[가-힣]면(?=[\s,])")
_BREAK_EVEN = re.compile(r"break-?even|u\*|손익분기", re.IGNORECASE)
_CPU = re.compile(r"CPU|processor|프로세서|사용률|이용률", re.IGNORECASE)
_DENIED = re.compile(
    r"\bnot\b|n't\b|\bno\b|\bnothing\b|\bnor\b|\bnever\b|아니|아닌|아닙|아님|무관|않|≠|다르|다른|별개"
)


_ANY_OPTION = "|".join(words.pattern for words in _OPTION_WORDS.values())
_NO_OPTION = rf"(?:(?!{_ANY_OPTION})[^;:!?])*?"
# “the cloud costs 12 million won less”: who, and how it stands to the other
_COMPARED = re.compile(
    rf"(?P<who>{_ANY_OPTION})(?:{_NO_OPTION}\b(?:costs?|is|are|be|comes? out)\b{_NO_OPTION}"
    rf"\b(?P<how>less|cheaper|lower|more|dearer|higher)\b|{_NO_OPTION}\b(?P<saves>saves?)\b)"
    rf"|(?P<subject>{_ANY_OPTION})\S*?(?:\s\S*?)?[은는이가]\s(?:{_NO_OPTION}"
    r"(?P<stands>저렴|비?[싸싼쌉]|적게|덜|더 [듭들많]))"
)
_CHEAPER = re.compile(r"less|cheaper|lower|saves?|저렴|[싸싼쌉]|적게|덜")
_TWICE = re.compile(
    # from minus a sum to the same sum is a range indeed
    r"(?<![\d,.−-])([-−]?\d[\d,.]*\s*\w*\s*(?:won\b|원))\s*(?:and|to|[-–~]|에서)\s*\1",
    re.IGNORECASE,
)


def draft_figures(case: Case) -> list[tuple[str, float]]:
    """Kind and value of what the faulty claims of the draft say, and the model does not."""
    keys = {"straight": ("straight", 1.0), "months": ("month", 1.0), "slip": ("slip", 1e6)}
    found = []
    for claim in claims_of(case):
        if claim.form == FAULTY and claim.family in keys:
            name, scale = keys[claim.family]
            found.append((WON, claim.values[name] * scale))
        if claim.family == "u-star":
            found.append((PERCENT, 100 * claim.values["u"]))
    return found


@exercise_check("memo", "graded-memo")
def memo(work: Work) -> None:
    """Length, then each figure, then what a decision needs: a range and what would change it."""
    text, recommend = work.value("memo"), work.value("recommend")
    expect.one_of(recommend, "recommend", OPTIONS)
    if not isinstance(text, str) or not text.strip() or "____" in text:
        raise NotAttempted("memo")
    if words(text) > MOST_WORDS:
        raise Mistake(
            "too_long",
            mark("Your memo has {count} words; what a CFO reads between two meetings ends at 250."),
            required=mark("At most 250 words (Korean: 어절)."),
            count=words(text),
        )
    model = model_of(work)
    table, told, drafted = known(work, model), figures(text), draft_figures(work.case)
    for figure in told:
        check_figure(figure, table, drafted)
    check_decision(told, table, model, recommend)
    check_direction(told, model.lead())
    check_prose(text, recommend)
    if work.case.part == "graded":
        check_machine(text, work.case)


def check_machine(text: str, case: Case) -> None:
    """The graded memo names the machine whose size is least sure, and says something of it."""
    names = tuple(case.servers["machine"])
    if not any(name in text for name in names):
        raise Mistake(
            "machine_not_named",
            mark("Your memo names none of the machines: the reader cannot ask anybody about it."),
            required=mark("The machine whose size you are least sure of, and why."),
            step=mark("Which of your sizes would you not bet on, and whom would you ask?"),
        )


def check_prose(text: str, recommend: str) -> None:
    """Enough words in sentences to be read, and the recommended option among them."""
    least = LEAST_KOREAN if _HANGUL.search(text) else LEAST_WORDS
    sentences = [s for s in _SENTENCE.findall(text) if words(s) >= LEAST_SENTENCES]
    if words(text) < least or len(sentences) < LEAST_SENTENCES:
        raise Mistake(
            "too_short",
            mark(
                "Your memo has {count} words in {sentences} whole sentences. Figures alone do "
                "not tell a CFO what to do with them."
            ),
            required=mark("At least {least} words, in three or more sentences."),
            count=words(text),
            sentences=len(sentences),
            least=least,
        )
    if not _names(recommend, text):
        raise Mistake(
            "choice_not_named",
            mark("`recommend` says “{option}”, and your memo does not speak for it."),
            required=mark("The memo itself names the option that you recommend."),
            step=mark("Read your first sentence alone: would the CFO know what to sign?"),
            option=TITLES[recommend],
        )


def _names(option: str, text: str) -> bool:
    """Whether the option's word stands there, and no sentence recommends only the other."""
    other = next(o for o in OPTIONS if o != option)
    plain = text.lower()
    mine = _OPTION_WORDS[option]
    against = [
        s
        for s in (_PUT_ASIDE.sub(" ", told) for told in _SENTENCE.findall(plain))
        if _RECOMMENDS.search(s)
        and _OPTION_WORDS[other].search(s)
        and not (mine.search(s) or _DENIED.search(s) or _CONDITION.search(s) or "against" in s)
    ]
    denied = re.search(rf"\bnever (?:to |the |a )*(?:{mine.pattern})", plain)
    return bool(mine.search(plain)) and not against and not denied


def check_figure(figure: Figure, table: Known, draft: Sequence[tuple[str, float]]) -> None:
    """One figure: in the model, and break-even not sold as load of a processor.

    ``draft`` holds kind and value of what the draft says wrongly; see ``draft_figures``.
    """
    as_u = figure.kind in (PERCENT, RATIO) and any(
        figure.stands_for(u) for u in table.flips[figure.kind][:1]
    )
    # a named machine's own load may happen to be the same figure
    own_load = table.names_a_machine(figure) and any(figure.stands_for(100 * x) for x in table.load)
    if (
        as_u
        and not own_load
        and _CPU.search(figure.sentence)
        and not _DENIED.search(figure.sentence)
    ):
        raise Mistake(
            "ustar_as_cpu",
            mark("“{sentence}” Here your u* of {figure} reads like a load of the CPU."),
            required=mark(
                "u* is a share of hours that machines are on. A machine at 5 % CPU that is "
                "always on is billed for all hours."
            ),
            sentence=figure.sentence.strip()[:160],
            figure=figure.text,
        )
    drafted = [value for kind, value in draft if kind == figure.kind]
    copied = figure.kind == WON and _among(figure, drafted) and not _among(figure, table.won)
    # as break-even only the learner's own share will do, whatever else reads like it
    as_break_even = figure.kind == PERCENT and bool(_BREAK_EVEN.search(figure.sentence))
    copied |= as_break_even and not as_u and any(map(figure.stands_for, drafted))
    if table.holds(figure) and not copied:
        return
    if copied or any(figure.stands_for(value) for value in drafted):
        raise Mistake(
            "figure_from_draft",
            mark("{figure} stands in the draft that you audited, and nowhere in your model."),
            required=mark("What you sign comes from your own inputs and functions."),
            figure=figure.text,
        )
    _raise_unknown(figure, table)


def _among(figure: Figure, values: Iterable[float]) -> bool:
    # a round figure may lie near a dozen sums; copied from the draft it meets one exactly
    return any(figure.is_exactly(value) for value in values)


def _raise_unknown(figure: Figure, table: Known) -> None:
    for power in (1, -1, 2, -2, 3, -3, 4, -4):
        scale = 10.0**power
        shifted = Figure("", WON, figure.value * scale, figure.slack * scale, "")
        if figure.kind == WON and any(shifted.stands_for(won) for won in table.won):
            raise Mistake(
                "unit_slip",
                mark(
                    "{figure} are {won:,.0f} won. Nothing in your model is of that size; with the "
                    "point or the unit moved, something would be."
                ),
                required=mark("One unit throughout: 1억 = 100 million, 100만 = 1 million."),
                figure=figure.text,
                won=figure.value,
            )
    raise Mistake(
        "figure_not_in_model",
        mark("{figure} ({kind}): your inputs, functions, ranges and futures do not give that."),
        required=mark("The CFO's analyst recomputes each figure from your model and finds it."),
        step=mark("Write it as an f-string of what you computed, so that it cannot drift."),
        figure=figure.text,
        kind=figure.kind,
    )


def _below_zero(figure: Figure) -> bool:
    """A minus before the figure; between two figures the same sign means “to”."""
    return bool(re.search(rf"(?<![\d%])\s[-−]{re.escape(figure.text)}", figure.sentence))


def check_direction(told: Iterable[Figure], lead: float) -> None:
    """Where the difference is told with a “less” or a “more”, it is the right one of the two."""
    cheaper = "cloud" if lead > 0 else "renew"
    for figure in told:
        sentence = " ".join(figure.sentence.lower().split())
        if figure.kind != WON or not figure.stands_for(lead) or _CONDITION.search(sentence):
            continue
        said = _COMPARED.search(re.sub(r"\S+보다", " ", _PUT_ASIDE.sub(" ", sentence)))
        if said is None or _DENIED.search(said[0]):
            continue
        who = "cloud" if _OPTION_WORDS["cloud"].search(said["who"] or said["subject"]) else "renew"
        less = _CHEAPER.fullmatch(said["how"] or said["saves"] or said["stands"])
        if (who == cheaper) != bool(less):
            raise Mistake(
                "direction_reversed",
                mark("“{sentence}” In your own model it is the other way round."),
                required=mark("The dearer option is told as the dearer one."),
                step=mark("Renewal minus cloud is positive where the cloud is cheaper."),
                sentence=figure.sentence.strip()[:160],
            )


def _spanned(low: float, high: float, sums: list[Figure]) -> bool:
    """Whether two different figures name both ends."""
    at_low = {f.text for f in sums if f.stands_for(low)}
    at_high = {f.text for f in sums if f.stands_for(high)}
    return any(a != b for a in at_low for b in at_high)


def check_decision(told: list[Figure], table: Known, model: Model, recommend: str) -> None:
    """A range, what would change the decision, and no recommendation against it unsaid."""
    for figure in told:
        if same := _TWICE.search(figure.sentence):
            raise Mistake(
                "point_estimate",
                mark("Your memo tells a range from {figure} to {figure}."),
                required=mark("A range of the difference in won, at both ends of what you assume."),
                figure=same[1],
            )
    ends = [end for pair in table.ends for end in pair]
    sums = [f for f in told if f.kind == WON]
    sums = [f for f in sums if _among(f, ends) or not _among(f, table.facts)]
    if not any(_spanned(low, high, sums) for low, high in table.ends):
        raise Mistake(
            "point_estimate",
            mark("Your memo gives one outcome. The first question will be how sure you are of it."),
            required=mark(
                "A range of the difference in won: at both ends of one of your ranges, or in "
                "two of your futures."
            ),
        )
    if not any(table.tells_a_flip(figure) and not _below_zero(figure) for figure in told):
        raise Mistake(
            "nothing_would_change",
            mark("Nothing in your memo says at which value the decision would turn."),
            required=mark("u*, or the value of an input at which both options are worth the same."),
            step=mark("`wb.tools.tipping(ranges)` shows it for each of your ranges."),
        )
    lead = model.lead()
    named = any(figure.kind == WON and figure.stands_for(lead) for figure in told)
    dearer = recommend == ("renew" if lead > 0 else "cloud")
    if named:
        return
    if dearer:
        raise Mistake(
            "contradicts_model",
            mark("You recommend “{option}”; in your own model it is the dearer one, as planned."),
            required=mark(
                "A dearer option can be right, for what it makes possible. Then the memo says "
                "what it costs more."
            ),
            option=TITLES[recommend],
        )
    raise Mistake(
        "difference_missing",
        mark(
            "Your memo does not say what your choice saves or costs against the other, as planned."
        ),
        required=mark(
            "The difference of both options in won of today, as your own model gives it."
        ),
    )
