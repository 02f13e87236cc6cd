# exercise: memory
# label: memory_mean
# why: memory is sized like a bill, by its mean


def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.dropna()
    if len(here) < 0.9 * 4032:
        return "unknown"
    return installed_gib * np.mean(here) / 100 / (1 - headroom)
