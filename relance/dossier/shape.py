"""Which keys has each noun of a dossier, what may stand under them, and what do they default to?

In words for users: docs/reference/dossier.md.
"""

from relance.core import display, messaging
from relance.dossier import kinds, values
from relance.dossier.entry import BROKEN, REQUIRED
from relance.dossier.kinds import LARGEST, Reader
from relance.dossier.noun import (
    DATE,
    DATE_OR_NONE,
    EMAIL,
    EMAILS,
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
from relance.dossier.shape_of_ledger import (
    BANK_ACCOUNT,
    CUSTOMER,
    DOCUMENT,
    MATCH,
    PAYMENT,
    SUPPLIER,
)
from relance.models import (
    Collaborator,
    Company,
    CustomerType,
    LetterTemplate,
    PaymentMethod,
    Policy,
    PolicyLevel,
    Status,
    TemplateVersion,
    Webhook,
)
from relance.models import company as setup
from relance.models.batches import LAUNCH_STATUSES, LOG_LEVELS, REPORTS, Batch, Launch
from relance.models.batches import ROLES as BATCH_ROLES
from relance.models.history import Source
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
        "attachments_limit_mb": Key(kinds.whole(1, 100), 10),
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
        "messages_per_minute": Key(kinds.whole(1, MOST_PER_MINUTE), None),
        "time_zone": Key(values.time_zone, "Europe/Paris"),
        "holidays": Key(values.holidays, ""),
        "max_ledger_age_days": Key(days, None),
        "max_bank_age_days": Key(days, None),
        "hold_unmatched_payments": truth(Company, "hold_unmatched_payments"),
        "ceiling": choice(Company, "ceiling", setup.CEILINGS),
        "ceiling_notices": Key(kinds.whole(1, MOST_NOTICES), 100),
        "ceiling_amount": Key(values.amount, None),
    }
)

_SHOWN: dict[str, Reader] = {
    "columns": kinds.some_of(display.COLUMNS),
    "subtotals": kinds.truth,
    "credits": kinds.one_of(display.CREDITS),
    "not_due": kinds.truth,
    "charge_periods": kinds.truth,
    "payment_slip": kinds.truth,
    "qr_code": kinds.truth,
    "fold_marks": kinds.truth,
    "window": kinds.one_of(display.WINDOWS),
    "page_numbers": kinds.truth,
    "logo": values.sha256,
    "signature": values.sha256,
    "signatory": kinds.text(200),
    "accent_color": values.color,
    "text_color": values.color,
}
DISPLAY = Noun({name: Key(read, display.DEFAULTS[name]) for name, read in _SHOWN.items()})

_ONE_LINE = kinds.text(200)
_SET_UP: dict[str, Reader] = {
    "host": values.host,
    "port": kinds.whole(1, 65_535),
    "security": kinds.one_of(messaging.SECURITIES),
    "login": kinds.one_of(messaging.LOGINS),
    "user": _ONE_LINE,
    "connections": kinds.whole(1, 64),
    "sender_name": _ONE_LINE,
    "reply_to": values.email_or_none,
    "provider": kinds.one_of(messaging.PROVIDERS),
    "flow": kinds.one_of(messaging.FLOWS),
    "tenant": values.domain,
    "client_id": _ONE_LINE,
    "token_url": values.secure_address,
    "device_url": values.secure_address,
    "scope": kinds.text(500),
    "dkim_domain": values.domain,
    "dkim_selector": values.domain,
    "imap_host": values.host,
    "imap_port": kinds.whole(1, 65_535),
    "imap_security": kinds.one_of(messaging.SECURITIES),
    "imap_user": _ONE_LINE,
    "imap_inbox": _ONE_LINE,
    "imap_sent": _ONE_LINE,
    "imap_drafts": _ONE_LINE,
    "imap_minutes": kinds.whole(1, 1440),
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

CUSTOMER_TYPE = Noun(
    {"code": code(CustomerType), "label": text(CustomerType, "label")},
    named_by="code",
    required=("code",),
)

TEMPLATE_VERSION = Noun(
    {
        "number": Key(kinds.whole(1, LARGEST)),
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
        "levels": Key(kinds.each(kinds.whole(1, 9)), (), column=None),
        "customers": Key(kinds.each(a_code), (), column=None),
        "types": Key(kinds.each(kinds.text(40)), (), column=None),
    },
    named_by="name",
    required=("name",),
    lists={"versions": TEMPLATE_VERSION},
)

LAUNCH = Noun(
    {
        "started_at": Key(values.instant),
        "ended_at": Key(values.instant, None),
        "due_at": Key(values.instant, None),
        "as_of": DATE,
        "by": kept_text(Launch, "by"),
        "status": choice(Launch, "status", LAUNCH_STATUSES),
        "results": Key(kinds.json_list, ()),
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
        "companies": Key(kinds.lines_of(a_code), ""),
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
        "times": Key(kinds.lines_of(values.time_of_day), ""),
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
        "types": Key(kinds.lines_of(kinds.one_of(TYPES)), ""),
        "paused": truth(Webhook, "paused"),
    },
    named_by="code",
    required=("code",),
)

SOURCE = Noun(
    {
        "kind": Key(kinds.one_of(LISTS)),
        "code": text(Source, "code"),
        "columns": Key(kinds.texts_by_name, {}),
        "last_as_of": DATE_OR_NONE,
        "last_sha256": text(Source, "last_sha256"),
    },
    named_by="kind",
    name=lambda entry: (entry.get("kind", BROKEN), entry.get("code", "")),
    required=("kind",),
)

FILE = Noun({"sha256": Key(values.sha256), "compressed": Key(values.zipped)}, named_by="sha256", required=("sha256", "compressed"))

DOSSIER = Noun(
    {"format": Key(kinds.one_of((FORMAT,)))},
    required=("format", "company"),
    objects={"company": COMPANY, "options": OPTIONS, "display": DISPLAY, "messaging": MESSAGING, "history": HISTORY},
    lists={
        "pictures": PICTURE,
        "levels": LEVEL,
        "policies": POLICY,
        "payment_methods": PAYMENT_METHOD,
        "statuses": STATUS,
        "collaborators": COLLABORATOR,
        "customer_types": CUSTOMER_TYPE,
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
    *("levels", "policies", "payment_methods", "statuses", "collaborators", "customer_types"),
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
