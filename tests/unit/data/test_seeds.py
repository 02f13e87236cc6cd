"""Seeds: the same everywhere, different for everyone, and secret where they must be."""

import unicodedata

import pytest

from kit.data.seeds import hidden_seed, open_seed
from kit.errors import UsageError

NAMES = ("cloud-2026", "learner-07", "rightsizing")


def test_open_seed_is_the_same_on_every_machine() -> None:
    # Fixed figures: a change here would give every learner other data mid-course.
    assert open_seed(*NAMES) == 17085550245562255098
    assert hidden_seed(b"a secret", *NAMES, "graded") == 15785790919832953194


@pytest.mark.parametrize("position", range(4))
def test_each_name_changes_both_seeds(position: int) -> None:
    names = [*NAMES, "practice"]
    other = names.copy()
    other[position] += "x"
    assert open_seed(*names) != open_seed(*other)
    assert hidden_seed(b"k", *names) != hidden_seed(b"k", *other)


def test_a_letter_that_moves_between_names_changes_the_seed() -> None:
    assert open_seed("ab", "c", "unit") != open_seed("a", "bc", "unit")


def test_hidden_seed_depends_on_the_secret_and_is_not_the_open_one() -> None:
    with_one = hidden_seed(b"one", *NAMES, "practice")
    assert with_one != hidden_seed(b"two", *NAMES, "practice")
    assert with_one != open_seed(*NAMES)


def test_composed_and_decomposed_hangul_are_one_learner() -> None:
    composed, decomposed = (unicodedata.normalize(form, "김하늘") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert open_seed("c", composed, "u") == open_seed("c", decomposed, "u") == 5913508504638264557


def test_seeds_fill_64_bits_and_do_not_collide() -> None:
    seeds = {open_seed("course", f"learner-{i}", "unit") for i in range(2_000)}
    assert len(seeds) == 2_000
    assert all(0 <= seed < 2**64 for seed in seeds)
    assert max(seeds) > 2**63


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(UsageError, match="empty"):
        hidden_seed(b"", *NAMES, "graded")
