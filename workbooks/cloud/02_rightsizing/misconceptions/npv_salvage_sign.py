# exercise: npv
# label: salvage_sign
# why: every line of a cost table is added

def npv(flows, rate):
    total = 0.0
    for year, flow in enumerate(flows):
        total += flow / (1 + rate) ** year
    return total


def renew_flows(m):
    flows = [0.0] * (m["years"] + 1)
    flows[0] += m["capex"]
    power = m["power_kw"] * m["pue"] * 8760 * m["tariff"]
    for year in range(1, m["years"] + 1):
        flows[year] += m["capex"] * m["support_share"] + power + m["space_won_year"]
    flows[m["refresh_year"]] += m["refresh_won"]
    flows[m["years"]] += m["salvage_won"]
    return flows


def cloud_flows(m):
    flows = [0.0] * (m["years"] + 1)
    flows[0] += m["migration_won"] + m["retraining_won"]
    machines = m["cloud_won_per_hour_total"] * 8760 * m["on_share"]
    stored = 12 * (m["storage_won_month"] + m["egress_won_month"])
    bill = (machines + stored) * (1 + m["cloud_support_share"])
    for year in range(1, m["years"] + 1):
        flows[year] += bill + m["headcount_change"] * m["person_won_year"]
    flows[1] += m["double_run_months"] * m["old_won_month"]
    flows[m["years"]] += m["exit_won"]
    return flows
