# exercise: memory
# label: measured_called_unknown
# why: one gap is thought to spoil a whole series


def memory_need(used_percent, installed_gib, headroom):
    if len(used_percent) < 4032 or used_percent.isna().any():
        return "unknown"
    return installed_gib * np.percentile(used_percent, 95) / 100 / (1 - headroom)
