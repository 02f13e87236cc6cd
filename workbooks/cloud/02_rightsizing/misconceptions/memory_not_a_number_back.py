# exercise: memory
# label: not_a_number_back
# why: a percentile is thought to skip what is missing


def memory_need(used_percent, installed_gib, headroom):
    if used_percent.notna().sum() < 0.9 * 4032:
        return "unknown"
    return installed_gib * np.percentile(used_percent, 95) / 100 / (1 - headroom)
