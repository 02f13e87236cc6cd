"""Every check of the unit; the two halves live in files of their own."""

from .money_checks import *
from .sizing_checks import *
