"""What a learner did: an append-only log, and pure reductions of it."""

from kit.progress.figures import Independence, independence, minutes_by_exercise
from kit.progress.log import ProgressLog
from kit.progress.merge import merge_logs
from kit.progress.reduce import ExerciseState, Progress, reduce_progress

__all__ = [
    "ExerciseState",
    "Independence",
    "Progress",
    "ProgressLog",
    "independence",
    "merge_logs",
    "minutes_by_exercise",
    "reduce_progress",
]
