# exercise: memo
# label: figure_from_draft
# why: the draft has done the sums already

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
by_month = m["on_share"] * 730 * sum(case.prices.of(v).won_per_hour for v in case.servers["vcpu"])
texts = " ".join(case.draft["text"])
taken = "The servers cost more than we thought."
if "equal parts." in texts:
    taken = f"The servers cost {m['capex'] / m['years']:,.0f} won a year."
elif "of 730 hours, the machines cost" in texts:
    taken = f"The machines cost {by_month:,.0f} won a year in the cloud."
elif f"{m['capex'] / 1e5:,.0f} million won" in texts:
    taken = f"The servers cost {m['capex'] / 1e5:,.0f} million won."
else:
    share = texts.split("Break-even u* is ")[1].split("%")[0]
    taken = f"The draft puts break-even at {share} %."
recommend = "cloud" if lead > 0 else "renew"
better = "less" if lead > 0 else "more"
memo = f'''We recommend the option "{recommend}" for the {m["machines"]} servers.

Over {m["years"]} years the cloud costs {abs(lead):,.1f} million won {better} than renewal, in
today's money. Over our range of {key} the difference, renewal minus cloud, lies between
{ends[0]:,.1f} million won and {ends[1]:,.1f} million won. If the service is switched off after
one year it is {stop:,.1f} million won.

The decision turns at an on-time share of {100 * u:.0f} %. That is hours switched on, not load of
the CPU. The {m["already_paid"]:,.0f} won of last year are in neither option.
{taken}
We will log the hours for a month before we sign.'''
