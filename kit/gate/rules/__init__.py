"""The gate's rules: what holds in every unit that may be given to an employee."""

from __future__ import annotations

from kit.gate.rules import (
    applied,
    faults,
    items,
    korean,
    labels,
    links,
    loading,
    mistaken,
    mutation,
    names,
    notebooks,
    paste,
    seeds,
    texts,
    tree,
    written,
)
from kit.gate.rules.frame import Job, JobResult, Rule, Scope, run_jobs
from kit.gate.rules.witness import Witness

__all__ = ["BLOCKING", "RULES", "Job", "JobResult", "Rule", "Scope", "Witness", "run_jobs"]

# exercises of a unit that breaks one of these cannot be run
BLOCKING = frozenset({"load", "keys", "sync", "check", "ids", "names"})

# whatever tries wrong answers looks at what becomes of them
_TRIED = (mistaken.jobs, faults.jobs, mutation.jobs)

# in the order in which an author mends
RULES: tuple[Rule, ...] = (
    Rule("load", "the TOML, the code and the notebooks load", loading.prove_load),
    Rule("keys", "TOML holds only keys that something reads", loading.prove_keys),
    Rule("contract", "the contract for own data can be read", loading.prove_contract),
    Rule("sync", "notebooks are what their Markdown says", notebooks.prove_sync),
    Rule("kernel", "each notebook names its kernel", notebooks.prove_kernel),
    Rule("outputs", "no notebook holds outputs", notebooks.prove_outputs),
    Rule("check", "each exercise has its check", notebooks.prove_checks),
    Rule("ids", "exercises, cells and model answers have the same ids", notebooks.prove_ids),
    Rule("names", "cells and texts use names that exist", names.prove_names),
    Rule("labels", "labels of mistakes have titles", labels.prove_labels, _TRIED),
    Rule("minutes", "time boxes are short and plausible", texts.prove_minutes),
    Rule("words", "the learner acts after 120 words at most", texts.prove_words),
    Rule("hints", "hints are a ladder that ends in a worked example", texts.prove_hints),
    Rule("at-work", "a pass says what it means at work", texts.prove_at_work),
    Rule("review", "the review date lies ahead", texts.prove_review),
    Rule("items", "questions before and after pair up, digests fit", items.prove_items),
    Rule("sealed", "no points hang on a digest", items.prove_sealed),
    Rule("korean", "every text has its Korean", korean.prove_korean),
    Rule("links", "links lead somewhere", links.prove_links, (links.jobs,)),
    Rule("solution", "each model answer passes on every seed", jobs=(seeds.jobs,)),
    Rule("starter", "each untouched starter is not attempted", jobs=(seeds.jobs,)),
    Rule("patch", "each common mistake fits its model answer", mistaken.prove_patches),
    Rule(
        "mistakes",
        "each common mistake is told its own label, and there are five",
        mistaken.prove_enough,
        (mistaken.jobs,),
    ),
    mutation.RULE,
    Rule("uncheckable", "no answer stops a check", jobs=_TRIED),
    Rule("diagnose", "no answer stops a diagnosis", jobs=_TRIED),
    Rule("paste", "nothing that the learner has passes when pasted", jobs=(paste.jobs,)),
    Rule(
        "leak-message",
        "no message and no hint tells a right value or code",
        written.prove_written,
        (*_TRIED, written.jobs),
    ),
    Rule(
        applied.RULE,
        "no function that does no work counts as applied to own data",
        jobs=(applied.jobs,),
    ),
    Rule("leak-tree", "no released file holds a model answer", tree.prove_tree),
)
