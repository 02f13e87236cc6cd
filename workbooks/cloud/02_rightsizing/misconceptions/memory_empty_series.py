# exercise: memory
# label: empty_series
# why: a machine without samples is thought to come as NaN, never as nothing


def memory_need(used_percent, installed_gib, headroom):
    assert used_percent.index[0] == 0
    if used_percent.notna().sum() < 0.9 * 4032:
        return "unknown"
    here = used_percent.dropna()
    return installed_gib * np.percentile(here, 95) / 100 / (1 - headroom)
