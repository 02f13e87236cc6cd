# exercise: memory
# label: installed_as_need
# why: what was bought is what is needed


def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.dropna()
    if len(here) < 0.9 * 4032:
        return "unknown"
    return installed_gib
