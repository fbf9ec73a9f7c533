"""Which keys have customers, suppliers, documents, payments and what the bank told, and what may stand under them?"""

from relance.dossier import kinds, values
from relance.dossier.entry import BROKEN, REQUIRED, Entry
from relance.dossier.kinds import LARGEST
from relance.dossier.noun import (
    AMOUNT,
    DATE,
    DATE_OR_NONE,
    EMAIL,
    EMAILS,
    LEVEL_OR_ZERO,
    LINES,
    Key,
    Noun,
    a_code,
    choice,
    code,
    code_of,
    kept_text,
    text,
    truth,
)
from relance.models import (
    Attachment,
    BankAccount,
    BankEntry,
    Contact,
    Customer,
    Document,
    DueItem,
    Match,
    Payment,
    Site,
    Supplier,
)
from relance.models.attachments import ATTACHED
from relance.models.bank import ENTRY_KINDS, ENTRY_STATES, MATCHED_HOW
from relance.models.ledger import DOCUMENT_TYPES, PAYMENT_KINDS
from relance.models.parties import HOLD_REASONS, KINDS, RECEIVES, ROLES

SITE = Noun(
    {
        "code": code(Site),
        "siret": text(Site, "siret"),
        "name": text(Site, "name"),
        "email": EMAIL,
        "address": LINES,
        "postcode": text(Site, "postcode"),
        "city": text(Site, "city"),
        "country": Key(values.country_or_none, None),  # by default, the company's
    },
    named_by="code",
    required=("code",),
)


def name_of_contact(entry: Entry) -> tuple[object, object]:
    """A contact goes by its code, else by its name."""
    found = entry.get("code", "")
    return found, "" if found else entry.get("name", BROKEN)


CONTACT = Noun(
    {
        "code": text(Contact, "code"),
        "name": text(Contact, "name", REQUIRED),
        "email_identity": EMAIL,
        "email_at_customer": EMAIL,
        "sites": Key(kinds.each(a_code), (), column=None),
        "left_on": DATE_OR_NONE,
        "roles": Key(kinds.words_of(ROLES), frozenset(), column=None),
        "receives": Key(kinds.words_of(RECEIVES), frozenset(), column=None),
    },
    named_by="name",
    name=name_of_contact,
)

CUSTOMER = Noun(
    {
        "code": code(Customer),
        "name": text(Customer, "name", REQUIRED),
        "type": text(Customer, "type"),
        "sales_rep": code_of("collaborator"),
        "account": text(Customer, "account"),
        "siren": text(Customer, "siren"),
        "vat_number": text(Customer, "vat_number"),
        "language": Key(values.language, ""),  # by default, the company's
        "kind": choice(Customer, "kind", KINDS),
        "policy": code_of("policy"),
        "dunning_enabled": truth(Customer, "dunning_enabled"),
        "manual_dunning": truth(Customer, "manual_dunning"),
        "auto_dunning": truth(Customer, "auto_dunning"),
        "level": LEVEL_OR_ZERO,
        "last_dunned_on": DATE_OR_NONE,
        "payment_terms": Key(values.terms, ""),  # by default, the company's
        "doubtful": truth(Customer, "doubtful"),
        "insolvent_on": DATE_OR_NONE,
        "held_from": DATE_OR_NONE,
        "held_until": DATE_OR_NONE,
        "hold_reason": choice(Customer, "hold_reason", HOLD_REASONS),
        "hold_comment": kept_text(Customer, "hold_comment"),
    },
    named_by="code",
    required=("code",),
    lists={"sites": SITE, "contacts": CONTACT},
)

SUPPLIER = Noun(
    {
        "code": code(Supplier),
        "name": text(Supplier, "name", REQUIRED),
        "account": text(Supplier, "account"),
        "siren": text(Supplier, "siren"),
        "vat_number": text(Supplier, "vat_number"),
    },
    named_by="code",
    required=("code",),
)

DUE_ITEM = Noun(
    {
        "no": Key(kinds.whole(1, LARGEST)),
        "due_date": DATE,
        "amount": AMOUNT,
        "level": LEVEL_OR_ZERO,
        "last_dunned_on": DATE_OR_NONE,
        "status": code_of("status"),
        "comment": kept_text(DueItem, "comment"),
        "expected_on": DATE_OR_NONE,
        "promised_on": DATE_OR_NONE,
        "promised_amount": Key(values.amount, None),
        "promise_made_on": DATE_OR_NONE,
    },
    named_by="no",
    numbered=True,
)

ATTACHMENT = Noun(
    {
        "kind": Key(kinds.one_of(ATTACHED)),
        "filename": text(Attachment, "filename", REQUIRED),
        "file": Key(values.sha256, column=None),  # one of ``files``, or stored
    },
    named_by="kind",
    required=("kind", "filename", "file"),
)

DOCUMENT = Noun(
    {
        "number": code(Document, "number"),
        "type": choice(Document, "type", DOCUMENT_TYPES),
        "customer": code_of("customer"),
        "supplier": code_of("supplier"),
        "billed_customer": code_of("customer"),  # by default, the customer
        "site": Key(a_code, None, column="site_id"),  # by default, the customer's first
        "date": DATE,
        "label": text(Document, "label"),
        "currency": Key(values.currency, None),  # by default, the company's
        "payment_method": code_of("payment_method"),
        "manager": code_of("collaborator"),
        "recipients": EMAILS,
        "copies": EMAILS,
        "block_reason": choice(Document, "block_reason", HOLD_REASONS),
        "block_comment": kept_text(Document, "block_comment"),
        "no_auto_dunning": truth(Document, "no_auto_dunning"),
        "no_manual_dunning": truth(Document, "no_manual_dunning"),
        "no_dunning_temporary": truth(Document, "no_dunning_temporary"),
        "no_auto_dunning_until": DATE_OR_NONE,
        "no_manual_dunning_until": DATE_OR_NONE,
        "interest_rate": Key(values.percent, None),  # by default, the company's
        "einvoice_status": text(Document, "einvoice_status"),
        "paid_elsewhere": truth(Document, "paid_elsewhere"),
        "payee_name": text(Document, "payee_name"),
        "payee_iban": Key(values.compact(34), ""),
        "source_key": text(Document, "source_key"),
    },
    named_by="number",
    name=lambda entry: (entry.get("customer"), entry.get("supplier"), entry.get("number", BROKEN)),
    required=("number",),
    lists={"due": DUE_ITEM, "attachments": ATTACHMENT},
)

ALLOCATION = Noun(
    {
        "document": Key(a_code),
        "customer": Key(a_code, None),  # whose document it is, where the payer has no such document or is not the one meant
        "no": Key(kinds.whole(1, LARGEST), None),
        "due_date": DATE_OR_NONE,
        "date": DATE_OR_NONE,  # by default, the payment's
        "amount": AMOUNT,
    },
    required=("document", "amount"),
)

PAYMENT = Noun(
    {
        "reference": code(Payment, "reference"),
        "kind": choice(Payment, "kind", PAYMENT_KINDS),
        "customer": code_of("customer"),
        "supplier": code_of("supplier"),
        "date": DATE,
        "amount": AMOUNT,
        "currency": Key(values.currency, None),  # by default, the company's
        "source_key": text(Payment, "source_key"),
    },
    named_by="reference",
    required=("reference",),
    lists={"allocations": ALLOCATION},
)

BANK_ENTRY = Noun(
    {
        "key": text(BankEntry, "key", REQUIRED),
        "booked_on": DATE,
        "amount": AMOUNT,
        "kind": choice(BankEntry, "kind", ENTRY_KINDS),
        "state": choice(BankEntry, "state", ENTRY_STATES),
        "payer": kept_text(BankEntry, "payer"),
        "payer_iban": kept_text(BankEntry, "payer_iban"),
        "says": kept_text(BankEntry, "says"),
        "reference": kept_text(BankEntry, "reference"),
        "bank_reference": kept_text(BankEntry, "bank_reference"),
        "batch": kept_text(BankEntry, "batch"),
        "code": kept_text(BankEntry, "code"),
        "return_reason": kept_text(BankEntry, "return_reason"),
        "aside_on": DATE_OR_NONE,
        "aside_by": kept_text(BankEntry, "aside_by"),
        "aside_reason": kept_text(BankEntry, "aside_reason"),
        "day_begins_at": Key(values.amount, None),
    },
    named_by="key",
    required=("key",),
)

BANK_ACCOUNT = Noun(
    {
        "code": code(BankAccount),
        "currency": Key(values.currency, None),  # by default, the company's
        "told_until": DATE_OR_NONE,
        "balance": Key(values.amount, None),
    },
    named_by="code",
    required=("code",),
    lists={"entries": BANK_ENTRY},
)

MATCH_PART = Noun(
    {
        "customer": Key(a_code),
        "document": Key(a_code),
        "no": Key(kinds.whole(1, LARGEST)),
        "date": DATE,
        "amount": AMOUNT,
    },
    required=("customer", "document", "no", "date", "amount"),
)

MATCH = Noun(
    {
        "number": Key(kinds.whole(1, LARGEST)),
        "payment": Key(a_code, column=None),
        "account": Key(a_code, None, column=None),
        "entry": Key(kinds.text(64), None, column=None),
        "at": Key(values.instant),
        "by": kept_text(Match, "by"),
        "how": choice(Match, "how", MATCHED_HOW),
        "reason": kept_text(Match, "reason"),
        "restores": Key(kinds.json_list, ()),
    },
    named_by="number",
    required=("number", "payment", "at"),
    lists={"parts": MATCH_PART},
)
