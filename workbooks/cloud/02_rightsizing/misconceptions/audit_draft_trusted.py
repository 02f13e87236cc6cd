# exercise: audit
# label: draft_trusted
# why: it reads well and the figures are exact

findings = {}
