"""Who is the creditor of the demo: its particulars, its habits, its people and its suppliers?"""

from typing import Any

COMPANY = {
    "code": "AUBRELLE",
    "name": "Maison Aubrelle, négociants en vins",
    "currency": "EUR",
    "country": "FR",
    "language": "fr",
    "siren": "123456782",
    "vat_number": "FR11123456782",
    "iban": "FR1420041010050500013M02606",  # the specimen of the French banks' own documentation
    "bic": "BQEXFRPPXXX",
    "address": ["14 quai des Tonneliers", "49400 Saumur"],
    "sender_email": "compta@aubrelle.example",
}

OPTIONS: dict[str, Any] = {
    "level_basis": "due_date",
    "min_invoice_amount": "10.00",
    "expected_payment_delay_days": 8,
    "promise_grace_days": 3,
    "letter_grouping": "customer",
    "fallback_payment_method": "VIR",
}

DISPLAY: dict[str, Any] = {"accent_color": "#7a1f3d", "not_due": True}  # the colour of wine

PAYMENT_METHODS = (
    {"code": "VIR", "label": "Virement", "dunnable": True},
    {"code": "CHQ", "label": "Chèque", "dunnable": True},
    {"code": "CB", "label": "Carte bancaire", "dunnable": True},
    {"code": "LCR", "label": "Lettre de change relevé", "dunnable": True},
    {"code": "PRLV", "label": "Prélèvement SEPA", "dunnable": False},
)

STATUSES = (
    {"code": "RAPPEL", "label": "À rappeler", "stops_dunning": False},
    {"code": "LITIGE", "label": "Litige", "stops_dunning": True},
    {"code": "CONTENTIEUX", "label": "Contentieux", "stops_dunning": True},
    {"code": "PROCEDURE", "label": "Procédure collective", "stops_dunning": True},
)

COLLABORATORS = (
    {"code": "AUB", "name": "Honoré Aubrelle", "email": "honore@aubrelle.example"},
    {"code": "MAL", "name": "Sandrine Malavoy", "email": "compta@aubrelle.example"},
    {"code": "GUI", "name": "Noémie Guichardot", "email": "noemie@aubrelle.example"},
    {"code": "PER", "name": "Ghislain Péron", "email": "ghislain@aubrelle.example"},
    {"code": "TES", "name": "Maëlle Tessandier", "email": "maelle@aubrelle.example"},
    {"code": "COU", "name": "Baptiste Courrège", "email": "baptiste@aubrelle.example"},
    {"code": "WAL", "name": "Fiona Waldron", "email": "fiona@aubrelle.example"},
)

CUSTOMER_TYPES = (
    {"code": "10", "label": "Cavistes"},
    {"code": "20", "label": "Restaurants"},
    {"code": "30", "label": "Hôtels"},
    {"code": "40", "label": "Grands comptes"},
    {"code": "50", "label": "Export"},
    {"code": "60", "label": "Secteur public"},
    {"code": "70", "label": "Particuliers"},
)

SUPPLIERS = (
    {"code": "F001", "name": "Domaine de la Roche-Tilleul"},
    {"code": "F002", "name": "Vignobles Castagnède"},
    {"code": "F003", "name": "Cave coopérative des Trois Clochers"},
    {"code": "F004", "name": "Château Pont-Galant"},
    {"code": "F005", "name": "Champagne Grandclaude-Thibault"},
    {"code": "F006", "name": "Verrerie du Layon"},
    {"code": "F007", "name": "Bouchons Sarradet"},
    {"code": "F008", "name": "Transports Guillemard"},
    {"code": "F009", "name": "Imprimerie des Mauges"},
    {"code": "F010", "name": "Bodegas Urrutikoetxea"},
)
