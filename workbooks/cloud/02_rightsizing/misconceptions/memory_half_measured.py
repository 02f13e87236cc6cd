# exercise: memory
# label: half_measured
# why: what is there is thought to speak for the rest


def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.dropna()
    if len(here) == 0:
        return "unknown"
    return installed_gib * np.percentile(here, 95) / 100 / (1 - headroom)
