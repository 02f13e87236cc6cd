# exercise: memory
# label: share_of_what_is_there
# why: every series is thought to have a row for each sample that should be there


def memory_need(used_percent, installed_gib, headroom):
    if used_percent.notna().mean() < 0.9:
        return "unknown"
    return installed_gib * np.percentile(used_percent.dropna(), 95) / 100 / (1 - headroom)
