"""Every check of the sizing half."""

from .load import classify as classify
from .memory import memory as memory
from .owner import bursts as bursts
from .repair import repair as repair
from .rule import graded_bursts as graded_bursts
from .rule import graded_size as graded_size
from .rule import rule as rule
