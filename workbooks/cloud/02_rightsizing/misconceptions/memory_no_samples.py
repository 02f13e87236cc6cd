# exercise: memory
# label: no_samples
# why: nothing measured is taken for nothing used


def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.fillna(0)
    if len(here) == 0:
        return 0.0
    return installed_gib * np.percentile(here, 95) / 100 / (1 - headroom)
