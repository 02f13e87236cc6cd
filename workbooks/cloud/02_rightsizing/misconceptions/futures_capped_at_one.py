# exercise: futures
# label: capped_at_one
# why: nothing can be on for more than all the time

def annualised(capex, rate, years, opex):
    return capex * rate / (1 - (1 + rate) ** -years) + opex


def break_even(a_onprem, fixed_cloud, rate_per_hour, n):
    return min(1.0, (a_onprem - fixed_cloud) / (rate_per_hour * 8760 * n))

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

ranges = {
    "on_share": (m["on_share"] * 0.7, min(1.0, m["on_share"] * 1.15), "nobody logged nights"),
    "capex": (m["capex"] * 0.95, m["capex"] * 1.02, "the quote is signed until March"),
    "cloud_won_per_hour_total": (
        m["cloud_won_per_hour_total"] * 0.9,
        m["cloud_won_per_hour_total"] * 1.3,
        "list price; the sizes are ours",
    ),
    "migration_won": (m["migration_won"] * 0.9, m["migration_won"] * 1.8, "last move took twice"),
    "double_run_months": (m["double_run_months"], m["double_run_months"] + 4, "the ERP is late"),
}


def swing(key):
    low, high, _ = ranges[key]
    lead = [
        npv(renew_flows(m | {key: v}), m["rate"]) - npv(cloud_flows(m | {key: v}), m["rate"])
        for v in (low, high)
    ]
    return abs(lead[1] - lead[0])


flips = sorted(ranges, key=swing)[-2:]
