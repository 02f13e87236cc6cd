# exercise: audit
# label: sizing_unread
# why: the memo goes to the CFO, so the sums are what counts

SIGNS = {
    "equal parts.": "straight line: interest is missing",
    "would waste the": "sunk cost, gone either way",
    "that is what u* is compared with": "u* is on-time, not CPU",
    "of 730 hours, the machines cost": "a month's bill called a year's",
    "are deducted from its cost": "hours are no cash while the same people stay",
}
findings = {}
for row in case.draft.itertuples():
    for sign, reason in SIGNS.items():
        if sign in row.text:
            findings[row.claim] = reason
    if f"{m['capex'] / 1e5:,.0f} million won" in row.text:
        findings[row.claim] = "ten times too many millions"
