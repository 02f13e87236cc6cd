"""Which of the learner's cells is which cell of the content: by what it says, never by place.

A cell of the content is sought by exercise and role first (its id beside them where a role
repeats), then by cell id, then by nbgrader's id. Of several copies the one of
``kit.notebooks.counting`` is it. What says nothing any more is the learner's own cell.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from kit.notebooks import ANSWERED, ARCHIVE, REPEATED, Cell, counting

# what the learner does not write; all else is theirs to the byte
LOCKED = ("prose", "setup", "check", "ask", "notice")
NOTICE = "notice"
Name = tuple[str, str]
Pairs = dict[int, int]


def name_of(cell: Cell) -> Name:
    """Exercise and role of a cell, two empty strings for one that says neither."""
    data = cell["metadata"].get("kit")
    if isinstance(data, dict):
        exercise, role = data.get("id"), data.get("role")
        if isinstance(exercise, str) and isinstance(role, str) and exercise and role:
            return exercise, role
    return "", ""


def role_of(cell: Cell) -> str:
    """The role, empty for a learner's own cell."""
    return name_of(cell)[1]


def match(content: Sequence[Cell], mine: Sequence[Cell]) -> Pairs:
    """Place in ``content`` to place in ``mine``, for each cell that is found again."""
    names = {name_of(cell) for cell in content}

    def by_id(cell: Cell) -> Hashable:
        # a cell that names another cell of the content is that one, whatever its id says
        mislaid = role_of(cell) in ("", ARCHIVE) or name_of(cell) not in names
        return cell["id"] if mislaid else None

    found: Pairs = {}
    steps: tuple[tuple[Callable[[Cell], Hashable], Callable[[Cell], Hashable]], ...] = (
        (_exactly, _exactly),
        (_by_name, _by_name),
        (lambda cell: cell["id"], by_id),
        (_by_grade, _by_grade),
        (_by_written, _by_written),
    )
    for theirs, ours in steps:
        _step(content, mine, found, theirs, ours)
    _in_turn(content, mine, found)
    return found


def _step(
    content: Sequence[Cell],
    mine: Sequence[Cell],
    found: Pairs,
    theirs: Callable[[Cell], Hashable],
    ours: Callable[[Cell], Hashable],
) -> None:
    open_places = {theirs(cell): i for i, cell in enumerate(content) if i not in found}
    open_places.pop(None, None)
    open_places.pop("", None)
    taken = set(found.values())
    free = [j for j in range(len(mine)) if j not in taken]
    counts = counting((mine[j] for j in free), ours)
    found |= {place: free[counts[key]] for key, place in open_places.items() if key in counts}


def _in_turn(content: Sequence[Cell], mine: Sequence[Cell], found: Pairs) -> None:
    """Prose and setup whose ids were lost: the first is the first."""
    taken = set(found.values())
    for i, cell in enumerate(content):
        if i in found or role_of(cell) not in REPEATED:
            continue
        free = (j for j, c in enumerate(mine) if j not in taken and name_of(c) == name_of(cell))
        if (j := next(free, None)) is not None:
            found[i] = j
            taken.add(j)


def _exactly(cell: Cell) -> Hashable:
    return (*name_of(cell), cell["id"]) if role_of(cell) in REPEATED and cell["id"] else None


def _by_name(cell: Cell) -> Hashable:
    return name_of(cell) if role_of(cell) not in (*REPEATED, "", ARCHIVE) else None


def _by_grade(cell: Cell) -> Hashable:
    data = cell["metadata"].get("nbgrader")
    named = data.get("grade_id") if isinstance(data, dict) else None
    return named if isinstance(named, str) else None


def _by_written(cell: Cell) -> Hashable:
    # an exercise that is now judged by a person: what was written moves with it
    exercise, role = name_of(cell)
    return (exercise, cell["cell_type"]) if role in ANSWERED else None
