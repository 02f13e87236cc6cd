"""Exercise forms other than code: what is shown, what is taken as an answer, how it is judged.

A form whose right answer is sealed in ``workbook.toml`` (``digest``) needs no check. For the
others ``checks.py`` decides, as for code, by ``work.answer("id")``:

    from kit.checking.forms import Claim, Question, audit_score, audited, defended, findings_of

``case.py`` brings what differs from learner to learner:

    OPTIONS = {"who": lambda case: [("a", phrase("{name} answers", name=case.owner)), ...]}
    QUESTIONS = {"defence": lambda work: [Question("q1", mark("How ...?"), {}, 12.5), ...]}

``OPTIONS`` are the claims where the form is an audit. The functions of ``QUESTIONS`` compute
them from the learner's own work; what is not there yet is NotAttempted.
"""

from kit.checking.forms.audit import Claim, Score, audit_score, audited, findings_of
from kit.checking.forms.defence import Question, defended
from kit.checking.forms.given import accepted, prove_file
from kit.checking.forms.items import score_items
from kit.checking.forms.sealed import seal_answer, sealed_check
from kit.checking.forms.shown import Shown, shown_of

__all__ = [
    "Claim",
    "Question",
    "Score",
    "Shown",
    "accepted",
    "audit_score",
    "audited",
    "defended",
    "findings_of",
    "prove_file",
    "score_items",
    "seal_answer",
    "sealed_check",
    "shown_of",
]
