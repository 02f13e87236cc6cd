# exercise: audit
# label: surprise_is_not_error
# why: what goes against expectation must be an error

ODD = ("idles at a median", "above 1 is no error", "do not cut the cloud bill", "is not free")
RULES = ("headroom over that", "one size down", "equal parts.", "a month", "would waste")
findings = {
    row.claim: f"{row.claim} sounds wrong"
    for row in case.draft.itertuples()
    if any(sign in row.text for sign in ODD)
}
