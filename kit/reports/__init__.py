"""Evidence, completion, and what is said about them. Never imports grading."""

from __future__ import annotations

from kit.reports.completion import Completion, decide
from kit.reports.evidence import Claim, Evidence, evidence_from

__all__ = ["Claim", "Completion", "Evidence", "decide", "evidence_from"]
