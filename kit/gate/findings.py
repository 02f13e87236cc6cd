"""What the gate finds, and how it says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the rule that was broken, where, what, and what to do."""

    rule: str
    where: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.rule}  {self.where}\n    {self.what}" + (
            f"\n    Next: {self.fix}" if self.fix else ""
        )


@dataclass
class Report:
    """The gate's result for one unit. ``counts`` says how much was proved."""

    unit: str
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, rule: str, where: object, what: str, fix: str = "") -> None:
        """Note a finding once."""
        finding = Finding(rule, str(where), what, fix)
        if finding not in self.findings:
            self.findings.append(finding)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "unit": self.unit,
            "counts": self.counts,
            "findings": [asdict(finding) for finding in self.findings],
        }
