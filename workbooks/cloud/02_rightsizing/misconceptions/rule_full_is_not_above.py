# exercise: rule
# label: full_is_not_above
# why: a machine that is full counts as one that wants more


def pick_size(cpu, source_vcpu, q, headroom, sizes):
    need = source_vcpu * np.percentile(cpu, q) / 100 / (1 - headroom)
    return min((s for s in sizes if s >= need), default=max(sizes))


def burst_risk(cpu, source_vcpu, size):
    return float((source_vcpu * np.asarray(cpu) / 100 >= size).mean())


table = wb.tools.options(case)
fine = table[table["loss"] <= 0.02].sort_values("won_month").iloc[0]
plan = {
    "q": 95,
    "headroom": 0.2,
    "option": fine["option"],
    "vcpu": int(fine["vcpu"]),
    "loss": float(fine["loss"]),
    "limit": 0.02,
}
