"""Are the exports of known programs recognised by their own heads? Each with the public source of the heads; every row here is made up."""

import io

import pytest

from relance.importers.list_heads import VOCABULARIES
from relance.importers.recognising import recognise_file
from relance.importers.sheet_look import look

PROGRAMS = [
    # The labels of the fields of account.move, which name the columns of an export:
    # github.com/odoo/odoo, addons/account/models/account_move.py
    (
        "Odoo, invoices",
        (
            "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Currency,Total,Amount Due,Payment Status\n"
            "INV/2026/0001,Dupont,2026-01-05,2026-02-04,EUR,120.00,20.00,Partially Paid\n"
        ),
        "items",
        "number name date due_date currency amount open",
    ),
    # The export "Factures clients et règlements" (export_fields_array of
    # github.com/Dolibarr/dolibarr, htdocs/core/modules/modFacture.class.php), with its labels in htdocs/langs/fr_FR/bills.lang
    (
        "Dolibarr, payments of invoices",
        (
            "Ref. facture;Date facturation;Date échéance;Montant règlement;Date paiement;Numéro paiement\n"
            "FA2601-0001;2026-01-05;2026-02-04;120.00;2026-02-03;CHQ-1\n"
        ),
        "payments",
        "document amount date reference",
    ),
    # The help page of the program on which fields of customers it takes (help_admin_import_contacts_which_fields),
    # plugin-qbo.intuit.com, below qbo-ush/helpcontent/production/119/en_US/QBO_Essentials
    (
        "QuickBooks Online, customers",
        (
            "Full Name,Company,Email,Phone,Mobile,Fax,Website,Street,City,State,ZIP code,Country\n"
            "Jeanne Lenoir,Dupont,j@dupont.example,,,,,1 rue des Lilas,Bordeaux,,33000,France\n"
        ),
        "customers",
        "name email address city postcode country",
    ),
]


@pytest.mark.parametrize(("text", "kind", "columns"), [one[1:] for one in PROGRAMS], ids=[one[0] for one in PROGRAMS])
def test_an_export_is_recognised_by_its_heads(text, kind, columns):
    assert recognise_file(io.BytesIO(text.encode())) == kind
    found = look(io.BytesIO(text.encode()), {}, None, VOCABULARIES[kind]).columns
    assert [one.what for one in found if one.what] == columns.split()
