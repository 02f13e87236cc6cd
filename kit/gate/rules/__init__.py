"""The gate's rules: what holds in every unit that may be given to an employee."""

from __future__ import annotations

from kit.gate.rules.frame import Job, JobResult, Rule, Scope, run_jobs

__all__ = ["Job", "JobResult", "Rule", "Scope", "run_jobs"]
