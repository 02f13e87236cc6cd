# exercise: memo
# label: choice_not_named
# why: the name above says it already

worth = {o: npv(flows(m), m["rate"]) / 1e6 for o, flows in (
    ("renew", renew_flows), ("cloud", cloud_flows))}
lead = worth["renew"] - worth["cloud"]
u = break_even(
    annualised(npv(renew_flows(m), m["rate"]), m["rate"], m["years"], 0),
    annualised(npv(cloud_flows(m | {"on_share": 0}), m["rate"]), m["rate"], m["years"], 0),
    m["cloud_won_per_hour_total"] * (1 + m["cloud_support_share"]) / m["machines"],
    m["machines"],
)


def lead_at(key, value):
    told = m | {key: value}
    return (npv(renew_flows(told), m["rate"]) - npv(cloud_flows(told), m["rate"])) / 1e6


key = flips[-1]
ends = sorted(lead_at(key, value) for value in ranges[key][:2])
table = futures(m, renew_flows(m), cloud_flows(m))
stop = (npv(table["stop"]["renew"], m["rate"]) - npv(table["stop"]["cloud"], m["rate"])) / 1e6
recommend = "cloud" if lead > 0 else "renew"
other = "Renew the servers at once, never the cloud" if lead > 0 else (
    "Rent in the cloud at once, never renew")
memo = f'''{other}. The plan is worth {abs(lead):,.1f} million won over {m["years"]} years, in today's
money, when one option is set against the other. Over our range of {key} that difference lies
between {ends[0]:,.1f} million won and {ends[1]:,.1f} million won.

The decision turns at an on-time share of {100 * u:.0f} %. That is hours switched on, not load of
the CPU. We will log the hours for a month before we sign.'''
