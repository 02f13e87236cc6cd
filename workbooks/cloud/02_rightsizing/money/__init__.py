"""The money half: from two quotes to a memo that somebody signs."""
