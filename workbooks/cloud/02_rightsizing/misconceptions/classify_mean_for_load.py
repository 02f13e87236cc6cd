# exercise: classify
# label: mean_for_load
# why: the mean tells how busy a machine is


def classify(cpu):
    recent, before = np.median(cpu[-864:]), np.median(cpu[:-864])
    if abs(recent - before) > 20:
        return "regime-change"
    if np.mean(cpu) > 80:
        return "saturated"
    if np.mean(cpu) < 1:
        return "under-used"
    return "bursty" if 4 < np.mean(cpu) < 7 else "steady"


next_step = {
    "under-used": "ask the owner",
    "idle-with-bursts": "choose by option, not by percentile",
    "bursty": "size by the rule",
    "steady": "size by the rule",
    "saturated": "measure the demand first",
    "regime-change": "size on the recent window",
}
