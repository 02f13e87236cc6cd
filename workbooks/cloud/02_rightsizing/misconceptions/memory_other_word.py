# exercise: memory
# label: other_word
# why: each sheet says it in its own words


def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.dropna()
    if len(here) < 0.9 * 4032:
        return "n/a"
    return installed_gib * np.percentile(here, 95) / 100 / (1 - headroom)
