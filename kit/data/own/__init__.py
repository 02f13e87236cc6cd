"""A learner's own data: what a unit asks of it, how it is read, and what may leave the machine.

    contract = load_contract(unit.folder)          # data.toml; ContentError names file and key
    mine = read_own(paths, contract=contract, home=home)
    mine.frame("web-07"), mine.ledger, mine.summary()
    for rows in mine.pieces(): ...                 # all rows, where no frame could hold them
    mine.leaving()                                 # counts and hashes: all that is ever noted

Columns that only their content tells are asked about first: ``read_own`` then gives a
``Proposal``, and ``proposal.confirm()`` reads and remembers.
"""

from kit.data.own.asking import Proposal
from kit.data.own.contract import Contract, InvariantRule, TableRule, load_contract
from kit.data.own.export import Own
from kit.data.own.files import find_files
from kit.data.own.leaving import Leaving
from kit.data.own.masks import Masker, masker_of
from kit.data.own.read import read_own
from kit.data.own.samples import InMemory, Samples
from kit.data.own.suggest import Guess, suggest

__all__ = [
    "Contract",
    "Guess",
    "InMemory",
    "InvariantRule",
    "Leaving",
    "Masker",
    "Own",
    "Proposal",
    "Samples",
    "TableRule",
    "find_files",
    "load_contract",
    "masker_of",
    "read_own",
    "suggest",
]
