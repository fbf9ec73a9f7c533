"""What does the demo company owe its suppliers?"""

from datetime import date, timedelta
from typing import Any

from relance.demo.tables import rows

_DOCUMENTS = rows("""
supplier  number       issued  terms  amount     label
F001      2417         12      45     8640.00    Saumur blanc, 240 caisses
F001      2389         47      45     6912.00    Saumur-Champigny, 180 caisses
F001      2350         98      45     5184.00    Crémant de Loire, 100 caisses
F001      AV-31        20      0      -432.00    Bouteilles couleuses
F002      F-7781       8       60     11520.00   Bergerac rouge, vrac
F002      F-7690       71      60     9216.00    Bergerac rouge, vrac
F003      CC/0912      25      45     4147.20    Muscadet sur lie, 160 caisses
F003      CC/0877      66      45     3801.60    Gros-plant, 150 caisses
F003      CC/0790      135     45     2903.04    Muscadet, 110 caisses
F004      PG-118       5       60     16848.00   Primeurs, première tranche
F004      PG-96        188     60     15552.00   Primeurs, seconde tranche
F004      PG-A4        30      0      -1296.00   Remise de quantité
F005      GT 5521      33      45     7776.00    Champagne brut, 60 caisses
F005      GT 5468      92      45     5832.00    Champagne rosé, 40 caisses
F006      VL-20331     14      30     1874.40    Bouteilles bordelaises, 4 palettes
F006      VL-20190     51      30     2343.00    Bouteilles bourguignonnes, 5 palettes
F007      88-1204      40      30     612.00     Bouchons naturels 45 mm
F008      T/55102      6       30     1038.24    Transport, semaine
F008      T/55077      13      30     984.96     Transport, semaine
F008      T/54720      210     30     318.00     Transport, en litige
F009      IM-3345      29      30     741.60     Étiquettes et contre-étiquettes
F010      26/0418      37      60     6480.00    Rioja, 120 caisses
""")


def documents(today: date) -> list[dict[str, Any]]:
    """The suppliers' invoices and credit notes, all of them open."""
    return [_document(today, *cells) for cells in _DOCUMENTS]


def _document(today: date, supplier: str, number: str, issued: str, terms: str, amount: str, label: str) -> dict[str, Any]:
    issued_on = today - timedelta(days=int(issued))
    return {
        "number": number,
        "type": "credit_note" if amount.startswith("-") else "invoice",
        "supplier": supplier,
        "date": str(issued_on),
        "label": label,
        "currency": "EUR",
        "due": [{"no": 1, "due_date": str(issued_on + timedelta(days=int(terms))), "amount": amount}],
    }
