"""Every check of the sizing half."""

from .load_checks import classify as classify
from .load_checks import memory as memory
from .repair_checks import repair as repair
from .rule_checks import graded_bursts as graded_bursts
from .rule_checks import graded_size as graded_size
from .rule_checks import rule as rule
