# exercise: memo
# label: difference_missing
# why: both options are described, and never set against each other

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
better = "less" if lead > 0 else "more"
memo = f'''We recommend the option "{recommend}" for the {m["machines"]} servers.

Over {m["years"]} years we have compared both options in
today's money. Over our range of {key} the difference, renewal minus cloud, lies between
{ends[0]:,.1f} million won and {ends[1]:,.1f} million won. If the service is switched off after
one year it is {stop:,.1f} million won.

The decision turns at an on-time share of {100 * u:.0f} %. That is hours switched on, not load of
the CPU. The {m["already_paid"]:,.0f} won of last year are in neither option.
We will log the hours for a month before we sign.'''
