"""Every check of the unit; the two halves live in files of their own."""

from .money.checks import *
from .sizing.checks import *
