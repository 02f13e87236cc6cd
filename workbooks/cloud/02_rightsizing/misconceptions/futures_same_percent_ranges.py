# exercise: futures
# label: same_percent_ranges
# why: ten percent either way is what one takes

def annualised(capex, rate, years, opex):
    return capex * rate / (1 - (1 + rate) ** -years) + opex


def break_even(a_onprem, fixed_cloud, rate_per_hour, n):
    return (a_onprem - fixed_cloud) / (rate_per_hour * 8760 * n)

def futures(m):
    rate, last = m["rate"], m["years"]
    renew, cloud = renew_flows(m), cloud_flows(m)

    stop_renew = [renew[0], renew[1] - m["resale_year1_won"]]
    stop_cloud = [cloud[0], cloud[1] + m["exit_won"]]

    more, start = m["growth"] - 1, m["growth_year"]
    grow_renew, grow_cloud = list(renew), list(cloud)
    grow_renew[start - 1] += more * m["capex"]
    grow_renew[start] += m["lead_time_weeks"] * m["lost_won_week"]
    power = m["power_kw"] * m["pue"] * 8760 * m["tariff"]
    running = m["capex"] * m["support_share"] + power + m["space_won_year"]
    machines = m["cloud_won_per_hour_total"] * 8760 * m["on_share"]
    stored = 12 * (m["storage_won_month"] + m["egress_won_month"])
    usage = (machines + stored) * (1 + m["cloud_support_share"])
    for year in range(start, last + 1):
        grow_renew[year] += more * running
        grow_cloud[year] += more * usage
    return {
        "stop": {"renew": npv(stop_renew, rate), "cloud": npv(stop_cloud, rate)},
        "base": {"renew": npv(renew, rate), "cloud": npv(cloud, rate)},
        "grow": {"renew": npv(grow_renew, rate), "cloud": npv(grow_cloud, rate)},
    }

keys = ("on_share", "capex", "migration_won", "cloud_won_per_hour_total", "power_kw")
ranges = {key: (m[key] * 0.9, min(1.0, m[key] * 1.1) if m[key] < 1 else m[key] * 1.1, "10 %")
          for key in keys}
ranges["on_share"] = (m["on_share"] * 0.9, m["on_share"] * 1.1, "10 %")
if m["on_share"] * 1.1 > 1:
    del ranges["on_share"]
flips = ["capex", "cloud_won_per_hour_total"]
