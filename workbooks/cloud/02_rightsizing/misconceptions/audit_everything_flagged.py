# exercise: audit
# label: everything_flagged
# why: a draft of a machine is wrong everywhere

findings = {claim: "cannot be right" for claim in case.draft["claim"]}
