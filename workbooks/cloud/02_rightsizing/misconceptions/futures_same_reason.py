# exercise: futures
# label: same_reason
# why: a reason is a box to fill

def annualised(capex, rate, years, opex):
    return capex * rate / (1 - (1 + rate) ** -years) + opex


def break_even(a_onprem, fixed_cloud, rate_per_hour, n):
    return (a_onprem - fixed_cloud) / (rate_per_hour * 8760 * n)

def futures(m, renew, cloud):
    start, more = m["growth_year"], m["growth"] - 1
    stop = {
        "renew": [renew[0], renew[1] - m["resale_year1_won"]],
        "cloud": [cloud[0], cloud[1] + m["exit_won"]],
    }
    grow = {"renew": list(renew), "cloud": list(cloud)}
    grow["renew"][start - 1] += more * m["capex"]
    grow["renew"][start] += m["lead_time_weeks"] * m["lost_won_week"]
    power = m["power_kw"] * m["pue"] * 8760 * m["tariff"]
    running = m["capex"] * m["support_share"] + power + m["space_won_year"]
    machines = m["cloud_won_per_hour_total"] * 8760 * m["on_share"]
    stored = 12 * (m["storage_won_month"] + m["egress_won_month"])
    usage = (machines + stored) * (1 + m["cloud_support_share"])
    for year in range(start, m["years"] + 1):
        grow["renew"][year] += more * running
        grow["cloud"][year] += more * usage
    return {"stop": stop, "grow": grow}

why = "{} may differ from the plan"
ranges = {
    key: (m[key] * low, m[key] * high, why.format(key))
    for key, low, high in (
        ("capex", 0.9, 1.1),
        ("cloud_won_per_hour_total", 0.8, 1.3),
        ("migration_won", 0.9, 1.8),
        ("on_share", 0.7, 1.05),
    )
}
flips = ["on_share", "cloud_won_per_hour_total"]
