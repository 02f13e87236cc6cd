"""Work products: spreadsheets and memos that enter a company's day, each with its provenance.

    from kit.artefacts import Column, Formula, Provenance, Sheet, write_workbook

    rows = [["web-07", 8, Formula("=B2*730")]]
    sheet = Sheet("Machines", [Column("machine", 24), Column("vCPU"), Column("won")], rows)
    write_workbook(path, [sheet], provenance)

Everything is written atomically. Heavy libraries load when something is written.
"""

from kit.artefacts.memo import memo_text, write_memo
from kit.artefacts.provenance import Provenance, hash_frame
from kit.artefacts.xlsx import Column, Formula, Sheet, write_workbook

__all__ = [
    "Column",
    "Formula",
    "Provenance",
    "Sheet",
    "hash_frame",
    "memo_text",
    "write_memo",
    "write_workbook",
]
