# exercise: futures
# label: widest_input
# why: the least certain input is the one that matters

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

ranges = {
    "capex": (m["capex"] * 0.85, m["capex"] * 1.15, "second quote"),
    "cloud_won_per_hour_total": (
        m["cloud_won_per_hour_total"] * 0.75, m["cloud_won_per_hour_total"] * 1.3, "list price"),
    "on_share": (m["on_share"] * 0.8, m["on_share"] * 1.05, "a week of logs"),
    "egress_won_month": (m["egress_won_month"] * 0.2, m["egress_won_month"] * 2, "not measured"),
    "decommission_won": (m["decommission_won"] * 0.2, m["decommission_won"] * 2.5, "no quote"),
}
flips = ["egress_won_month", "decommission_won"]
