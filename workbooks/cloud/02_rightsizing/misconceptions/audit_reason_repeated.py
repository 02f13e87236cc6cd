# exercise: audit
# label: reason_repeated
# why: one verdict is thought to fit them all

findings = {"D1": "this claim is wrong", "D4": "this claim is wrong", "D7": "look at the units"}
