"""Sentences that widgets and what stands in for them share; imports no widget."""

from __future__ import annotations

from kit.i18n import mark

OFFLINE = mark("The kernel has stopped. Run the first cell, then this one, to go on.")
BUSY = mark("The kernel is busy. This follows when it is done.")
# of the slider that asks for it; nothing is preset, so that nothing is taken for said
SURE = {
    "sure": mark("How sure are you?"),
    "unsaid": mark("not said yet"),
    "guess": mark("I am guessing"),
    "say": mark("Say how sure you are: move the slider, or choose “I am guessing”."),
}
BROKEN = mark("This did not work, and that is our fault: {error}. Nothing that you wrote is lost.")
SAVED = mark("Saved as your answer no. {attempts}. Now run the check.")
