# exercise: audit
# label: money_unread
# why: an engineer checks machines, finance checks won

SIGNS = {
    "leave more than 20 % headroom over that": "sized on the mean of a machine with bursts",
    "lets it go one size down": "saturated: its demand cannot be seen",
    "retire it this month": "fourteen days can miss month-end; the owner was not asked",
    "to take the noise out": "hourly means hide five-minute peaks",
    "the long window is the safer one": "the load changed; the last days count",
}
findings = {}
for row in case.draft.itertuples():
    for sign, reason in SIGNS.items():
        if sign in row.text:
            findings[row.claim] = reason
