# exercise: classify
# label: downsize_saturated
# why: the rule gives a size for every machine


def classify(cpu):
    recent, before = np.median(cpu[-864:]), np.median(cpu[:-864])
    if abs(recent - before) > 20:
        return "regime-change"
    if min(recent, before) > 80:
        return "saturated"
    if np.percentile(cpu, 99.5) < 5:
        return "under-used"
    if np.median(cpu) < 5 and np.percentile(cpu, 95) > 50:
        return "idle-with-bursts"
    if np.percentile(cpu, 99.5) > 4 * np.median(cpu):
        return "bursty"
    return "steady"


next_step = {
    "under-used": "ask the owner",
    "idle-with-bursts": "choose by option, not by percentile",
    "bursty": "size by the rule",
    "steady": "size by the rule",
    "saturated": "size by the rule",
    "regime-change": "size on the recent window",
}
