"""Which keys has each noun of a dossier, what may stand under them, and what do they default to?

In words for users: docs/reference/dossier.md.
"""

from relance.core import display, messaging
from relance.dossier import values
from relance.dossier.entry import BROKEN, REQUIRED, Entry
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
    bound,
    choice,
    code,
    code_of,
    days,
    kept_text,
    text,
    truth,
)
from relance.dossier.past import HISTORY
from relance.dossier.values import LARGEST, Reader
from relance.models import (
    Attachment,
    BankAccount,
    BankEntry,
    Collaborator,
    Company,
    Contact,
    Customer,
    Document,
    DueItem,
    LetterTemplate,
    Match,
    Payment,
    PaymentMethod,
    Policy,
    PolicyLevel,
    Site,
    Status,
    Supplier,
    TemplateVersion,
    Webhook,
)
from relance.models import company as setup
from relance.models.attachments import ATTACHED
from relance.models.bank import ENTRY_KINDS, ENTRY_STATES, MATCHED_HOW
from relance.models.batches import LAUNCH_STATUSES, LOG_LEVELS, REPORTS, Batch, Launch
from relance.models.batches import ROLES as BATCH_ROLES
from relance.models.history import Source
from relance.models.ledger import DOCUMENT_TYPES, PAYMENT_KINDS
from relance.models.parties import HOLD_REASONS, KINDS, RECEIVES, ROLES
from relance.models.templates import FORMATS
from relance.models.webhooks import TYPES

LISTS = ("items", "customers", "contacts", "payments")  # what other software may say in a list
FORMAT = "relance/1"
MOST_PER_MINUTE = 1_000_000
MOST_NOTICES = 1_000_000

COMPANY = Noun(
    {
        "code": code(Company),
        "name": text(Company, "name", REQUIRED),
        "currency": Key(values.currency, "EUR"),
        "country": Key(values.country, "FR"),
        "language": Key(values.language, "fr"),
        "siren": text(Company, "siren"),
        "vat_number": text(Company, "vat_number"),
        "iban": Key(values.compact(34), ""),
        "bic": Key(values.compact(11), ""),
        "address": LINES,
        "sender_email": EMAIL,
    },
    required=("code",),
)

OPTIONS = Noun(
    {
        "level_basis": choice(Company, "level_basis", setup.LEVEL_BASES),
        "contacts_of_billed_customer": truth(Company, "contacts_of_billed_customer"),
        "dun_creditor_customers": truth(Company, "dun_creditor_customers"),
        "min_invoice_amount": Key(values.amount, 0),
        "expected_payment_delay_days": Key(days, 0),
        "originals_only": truth(Company, "originals_only"),
        "attach_invoices": choice(Company, "attach_invoices", setup.ATTACH_INVOICES),
        "attachments_limit_mb": Key(values.whole(1, 100), 10),
        "letter_grouping": choice(Company, "letter_grouping", setup.LETTER_GROUPINGS),
        "promise_grace_days": Key(days, 3),
        "progression": choice(Company, "progression", setup.PROGRESSIONS),
        "min_days_between": Key(days, None),  # None: nothing said, the progression decides
        "email_grouping": choice(Company, "email_grouping", setup.EMAIL_GROUPINGS),
        "include_credits": truth(Company, "include_credits"),
        "customer_level": choice(Company, "customer_level", setup.CUSTOMER_LEVELS),
        "no_recipient_channel": choice(Company, "no_recipient_channel", setup.NO_RECIPIENT_CHANNELS),
        "fallback_payment_method": code_of("payment_method"),
        "payment_terms": Key(values.terms, "30"),
        "interest_rate": Key(values.percent, None),
        "messages_per_minute": Key(values.whole(1, MOST_PER_MINUTE), None),
        "time_zone": Key(values.time_zone, "Europe/Paris"),
        "holidays": Key(values.holidays, ""),
        "max_ledger_age_days": Key(days, None),
        "max_bank_age_days": Key(days, None),
        "hold_unmatched_payments": truth(Company, "hold_unmatched_payments"),
        "ceiling": choice(Company, "ceiling", setup.CEILINGS),
        "ceiling_notices": Key(values.whole(1, MOST_NOTICES), 100),
        "ceiling_amount": Key(values.amount, None),
    }
)

_SHOWN: dict[str, Reader] = {
    "columns": values.some_of(display.COLUMNS),
    "subtotals": values.truth,
    "credits": values.one_of(display.CREDITS),
    "not_due": values.truth,
    "charge_periods": values.truth,
    "payment_slip": values.truth,
    "qr_code": values.truth,
    "fold_marks": values.truth,
    "window": values.one_of(display.WINDOWS),
    "page_numbers": values.truth,
    "logo": values.sha256,
    "signature": values.sha256,
    "signatory": values.text(200),
    "accent_color": values.color,
    "text_color": values.color,
}
DISPLAY = Noun({name: Key(read, display.DEFAULTS[name]) for name, read in _SHOWN.items()})

_ONE_LINE = values.text(200)
_SET_UP: dict[str, Reader] = {
    "host": values.host,
    "port": values.whole(1, 65_535),
    "security": values.one_of(messaging.SECURITIES),
    "login": values.one_of(messaging.LOGINS),
    "user": _ONE_LINE,
    "connections": values.whole(1, 64),
    "sender_name": _ONE_LINE,
    "reply_to": values.email_or_none,
    "provider": values.one_of(messaging.PROVIDERS),
    "flow": values.one_of(messaging.FLOWS),
    "tenant": values.domain,
    "client_id": _ONE_LINE,
    "token_url": values.secure_address,
    "device_url": values.secure_address,
    "scope": values.text(500),
    "dkim_domain": values.domain,
    "dkim_selector": values.domain,
    "imap_host": values.host,
    "imap_port": values.whole(1, 65_535),
    "imap_security": values.one_of(messaging.SECURITIES),
    "imap_user": _ONE_LINE,
    "imap_inbox": _ONE_LINE,
    "imap_sent": _ONE_LINE,
    "imap_drafts": _ONE_LINE,
    "imap_minutes": values.whole(1, 1440),
}
MESSAGING = Noun({name: Key(read, messaging.DEFAULTS[name]) for name, read in _SET_UP.items()})

PICTURE = Noun({"sha256": Key(values.sha256), "content": Key(values.zipped)}, named_by="sha256", required=("sha256", "content"))

TEXTS = Noun({name: text(PolicyLevel, name) for name in ("subject", "header", "footer")})

LEVEL = Noun(
    {
        "level": Key(values.policy_level),
        "label": text(PolicyLevel, "label"),
        "lower_bound": Key(bound),
        "upper_bound": Key(bound, None),
        **TEXTS.keys,
        "clock": choice(PolicyLevel, "clock", setup.CLOCKS),
        "automatic": truth(PolicyLevel, "automatic"),
        "channel": choice(PolicyLevel, "channel", setup.CHANNELS),
        "charge_interest": truth(PolicyLevel, "charge_interest"),
        "charge_indemnity": truth(PolicyLevel, "charge_indemnity"),
        "attach_invoices": choice(PolicyLevel, "attach_invoices", setup.ATTACH_INVOICES),
    },
    named_by="level",
    required=("level",),
    objects={"texts": Noun({}, objects=dict.fromkeys(values.LANGUAGES, TEXTS))},
)

POLICY = Noun(
    {
        "code": code(Policy),
        "progression": choice(Policy, "progression", setup.PROGRESSIONS),
        "min_days_between": Key(days, None),
    },
    named_by="code",
    required=("code",),
    lists={"levels": LEVEL},
)

PAYMENT_METHOD = Noun(
    {"code": code(PaymentMethod), "label": text(PaymentMethod, "label"), "dunnable": truth(PaymentMethod, "dunnable")},
    named_by="code",
    required=("code",),
)

STATUS = Noun(
    {"code": code(Status), "label": text(Status, "label"), "stops_dunning": truth(Status, "stops_dunning")},
    named_by="code",
    required=("code",),
)

COLLABORATOR = Noun(
    {"code": code(Collaborator), "name": text(Collaborator, "name"), "email": EMAIL},
    named_by="code",
    required=("code",),
)

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
        "sites": Key(values.each(a_code), (), column=None),
        "left_on": DATE_OR_NONE,
        "roles": Key(values.words_of(ROLES), frozenset(), column=None),
        "receives": Key(values.words_of(RECEIVES), frozenset(), column=None),
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

TEMPLATE_VERSION = Noun(
    {
        "number": Key(values.whole(1, LARGEST)),
        "format": choice(TemplateVersion, "format", FORMATS),
        "filename": kept_text(TemplateVersion, "filename"),
        "sha256": Key(values.sha256),
        "compressed": Key(values.zipped),
        "upload_sha256": Key(values.sha256),
        "original": Key(values.zipped, None),
        "at": Key(values.instant),
        "by": kept_text(TemplateVersion, "by"),
    },
    named_by="number",
    required=("number", "sha256", "compressed", "upload_sha256", "at"),
)

TEMPLATE = Noun(
    {
        "name": text(LetterTemplate, "name", REQUIRED),
        "removed_at": Key(values.instant, None),
        "levels": Key(values.each(values.whole(1, 9)), (), column=None),
        "customers": Key(values.each(a_code), (), column=None),
        "types": Key(values.each(values.text(40)), (), column=None),
    },
    named_by="name",
    required=("name",),
    lists={"versions": TEMPLATE_VERSION},
)

DUE_ITEM = Noun(
    {
        "no": Key(values.whole(1, LARGEST)),
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
        "kind": Key(values.one_of(ATTACHED)),
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
        "no": Key(values.whole(1, LARGEST), None),
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
        "no": Key(values.whole(1, LARGEST)),
        "date": DATE,
        "amount": AMOUNT,
    },
    required=("customer", "document", "no", "date", "amount"),
)

MATCH = Noun(
    {
        "number": Key(values.whole(1, LARGEST)),
        "payment": Key(a_code, column=None),
        "account": Key(a_code, None, column=None),
        "entry": Key(values.text(64), None, column=None),
        "at": Key(values.instant),
        "by": kept_text(Match, "by"),
        "how": choice(Match, "how", MATCHED_HOW),
        "reason": kept_text(Match, "reason"),
        "restores": Key(values.json_list, ()),
    },
    named_by="number",
    required=("number", "payment", "at"),
    lists={"parts": MATCH_PART},
)

LAUNCH = Noun(
    {
        "started_at": Key(values.instant),
        "ended_at": Key(values.instant, None),
        "due_at": Key(values.instant, None),
        "as_of": DATE,
        "by": kept_text(Launch, "by"),
        "status": choice(Launch, "status", LAUNCH_STATUSES),
        "results": Key(values.json_list, ()),
        "log": kept_text(Launch, "log"),
        "report": choice(Launch, "report", REPORTS),
    },
    named_by="started_at",
    required=("started_at",),
)

BATCH = Noun(
    {
        "code": code(Batch),
        "label": text(Batch, "label"),
        "companies": Key(values.lines_of(a_code), ""),
        "every_company": truth(Batch, "every_company"),
        "error_address": Key(values.email),
        "cc": EMAILS,
        "bcc": EMAILS,
        "from": EMAIL._replace(column="sender"),
        "reply_to": EMAIL,
        "dry_run": truth(Batch, "dry_run"),
        "log_level": choice(Batch, "log_level", LOG_LEVELS),
        "runs_as": text(Batch, "runs_as"),
        "may_see": choice(Batch, "may_see", BATCH_ROLES),
        "may_change": choice(Batch, "may_change", BATCH_ROLES),
        "may_launch": choice(Batch, "may_launch", BATCH_ROLES),
        "weekdays": Key(values.weekdays, "1234567"),
        "times": Key(values.lines_of(values.time_of_day), ""),
        "cron": Key(values.cron, ""),
        "working_days_only": truth(Batch, "working_days_only"),
        "time_zone": Key(values.time_zone_or_none, ""),
        "holidays": Key(values.holidays, ""),
        "paused": truth(Batch, "paused"),
    },
    named_by="code",
    required=("code",),
    lists={"launches": LAUNCH},
)

WEBHOOK = Noun(
    {
        "code": code(Webhook),
        "url": text(Webhook, "url", REQUIRED),
        "types": Key(values.lines_of(values.one_of(TYPES)), ""),
        "paused": truth(Webhook, "paused"),
    },
    named_by="code",
    required=("code",),
)

SOURCE = Noun(
    {
        "kind": Key(values.one_of(LISTS)),
        "code": text(Source, "code"),
        "columns": Key(values.texts_by_name, {}),
        "last_as_of": DATE_OR_NONE,
        "last_sha256": text(Source, "last_sha256"),
    },
    named_by="kind",
    name=lambda entry: (entry.get("kind", BROKEN), entry.get("code", "")),
    required=("kind",),
)

FILE = Noun({"sha256": Key(values.sha256), "compressed": Key(values.zipped)}, named_by="sha256", required=("sha256", "compressed"))

DOSSIER = Noun(
    {"format": Key(values.one_of((FORMAT,)))},
    required=("format", "company"),
    objects={"company": COMPANY, "options": OPTIONS, "display": DISPLAY, "messaging": MESSAGING, "history": HISTORY},
    lists={
        "pictures": PICTURE,
        "levels": LEVEL,
        "policies": POLICY,
        "payment_methods": PAYMENT_METHOD,
        "statuses": STATUS,
        "collaborators": COLLABORATOR,
        "batches": BATCH,
        "webhooks": WEBHOOK,
        "sources": SOURCE,
        "customers": CUSTOMER,
        "suppliers": SUPPLIER,
        "templates": TEMPLATE,
        "files": FILE,
        "documents": DOCUMENT,
        "payments": PAYMENT,
        "bank_accounts": BANK_ACCOUNT,
        "matches": MATCH,
    },
)
ORDER = (
    *("format", "company", "options", "pictures", "display", "messaging"),
    *("levels", "policies", "payment_methods", "statuses", "collaborators"),
    *(
        "batches",
        "webhooks",
        "sources",
        "customers",
        "suppliers",
        "templates",
        "files",
        "documents",
        "payments",
        "bank_accounts",
        "matches",
    ),
    "history",
)
