# exercise: memory
# label: memory_headroom
# why: headroom is added on top


def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.dropna()
    if len(here) < 0.9 * 4032:
        return "unknown"
    return installed_gib * np.percentile(here, 95) / 100 * (1 + headroom)
