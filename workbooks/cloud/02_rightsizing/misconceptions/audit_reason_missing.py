# exercise: audit
# label: reason_missing
# why: the list is what counts, the reason is obvious

findings = {"D1": "bad", "D4": "x", "D7": "no"}
