"""Which keys has the history in a dossier? The columns of what is kept for good, by natural keys.

Amounts are whole numbers of minor units, as they were frozen.
"""

from relance.dossier import kinds, values
from relance.dossier.entry import Entry
from relance.dossier.kinds import LARGEST
from relance.dossier.noun import DATE, DATE_OR_NONE, Key, Noun, a_code, choice, code, kept_text
from relance.models import Event, Mail, MailReport, Notice, NoticeEnclosure, NoticeLine, Run, Upload
from relance.models.attachments import KINDS, STATES
from relance.models.history import MEDIA_TYPES
from relance.models.mails import MAIL_KINDS, MAIL_STATUSES
from relance.models.notices import NOTICE_CHANNELS, NOTICE_STATUSES, RUN_KINDS, RUN_STATUSES
from relance.models.reports import REPORT_KINDS

_LARGEST_BIG = 2**63 - 1

_NUMBER = Key(kinds.whole(1, LARGEST))
_BIG = Key(kinds.whole(0, _LARGEST_BIG))
_FIGURE = Key(kinds.whole(-_LARGEST_BIG, _LARGEST_BIG))
_INSTANT = Key(values.instant)
_INSTANT_OR_NONE = Key(values.instant, None)
_LEVEL = Key(values.level)
_LEVEL_OR_NONE = Key(values.level, None)
_ADDRESSES = Key(kinds.lines_of(kinds.text(None, without=kinds.KEPT)), "")
_OBJECT = Key(kinds.json_object)
_SHA256 = Key(values.sha256)
_BYTES = Key(values.zipped)

RUN = Noun(
    {
        "number": _NUMBER,
        "kind": choice(Run, "kind", RUN_KINDS),
        "as_of": DATE,
        "status": choice(Run, "status", RUN_STATUSES),
        "parameters": _OBJECT,
        "settings": _OBJECT,
        "by": kept_text(Run, "by"),
        "started_at": _INSTANT,
        "ended_at": _INSTANT_OR_NONE,
        "cancelled_reason": kept_text(Run, "cancelled_reason"),
        "left_out": Key(kinds.each(values.sha256), (), column=None),  # blocks, in their order
    },
    named_by="number",
    required=("number", "as_of", "started_at"),
)

LINE = Noun(
    {
        "customer": Key(a_code, column=None),  # these three name the due item
        "document": Key(a_code, column=None),
        "no": Key(kinds.whole(1, LARGEST), column=None),
        "in_flight": Key(kinds.truth, default=False),
        "document_number": code(NoticeLine, "document_number"),
        "date": DATE,
        "label": kept_text(NoticeLine, "label"),
        "due_date": DATE,
        "amount": _FIGURE,
        "open_amount": _FIGURE,
        "ledger_open": _FIGURE,
        "currency": Key(values.currency),
        "days_overdue": Key(kinds.whole(-LARGEST, LARGEST)),
        "interest": _FIGURE._replace(default=None),
        "level_before": _LEVEL,
        "level_after": _LEVEL,
        "dunned_before": DATE_OR_NONE,
        "comment_before": kept_text(NoticeLine, "comment_before"),
        "expected_before": DATE_OR_NONE,
    },
    required=("customer", "document", "no"),
)

RENDITION = Noun(
    {"media_type": Key(kinds.one_of(MEDIA_TYPES)), "sha256": _SHA256, "compressed": _BYTES, "cuts": Key(values.cuts, [])},
    named_by="media_type",
    required=("media_type", "sha256", "compressed"),
)

ENCLOSURE = Noun(
    {
        "document": code(NoticeEnclosure, "document_number")._replace(column="document_number"),
        "state": Key(kinds.one_of(STATES)),
        "kind": Key(kinds.one_of(KINDS), None),
        "filename": kept_text(NoticeEnclosure, "filename"),
        "file": Key(values.sha256, None, column=None),
    },
    required=("document", "state"),
)

NOTICE = Noun(
    {
        "number": _NUMBER,
        "run": Key(kinds.whole(1, LARGEST), column=None),
        "position": _BIG,
        "customer": Key(a_code, column=None),
        "level": _LEVEL,
        "channel": choice(Notice, "channel", NOTICE_CHANNELS),
        "status": choice(Notice, "status", NOTICE_STATUSES),
        "language": Key(values.language),
        "to": _ADDRESSES,
        "cc": _ADDRESSES,
        "recipient": _OBJECT,
        "totals": _OBJECT,
        "credits": Key(kinds.json_list),
        "not_due": Key(kinds.json_list, ()),
        "charges": Key(kinds.json_object, None),
        "credits_later": _FIGURE._replace(default=0),
        "message_id": kept_text(Notice, "message_id"),
        "thread": Key(kinds.lines_of(kinds.text(200, without=kinds.KEPT)), ""),
        "claimed_by": kept_text(Notice, "claimed_by"),
        "claimed_at": _INSTANT_OR_NONE,
        "transmitting_at": _INSTANT_OR_NONE,
        "issued_at": _INSTANT_OR_NONE,
        "by": kept_text(Notice, "by"),
        "outcome": kept_text(Notice, "outcome"),
        "refused": _ADDRESSES,
        "customer_level_before": _LEVEL_OR_NONE,
        "customer_dunned_before": DATE_OR_NONE,
    },
    named_by="number",
    required=("number", "run", "customer"),
    objects={"template": Noun({"name": Key(a_code, column=None), "version": Key(kinds.whole(1, LARGEST), column=None)})},
    lists={"lines": LINE, "enclosures": ENCLOSURE, "renditions": RENDITION},
)


MAIL = Noun(
    {
        "number": _NUMBER,
        "key": kept_text(Mail, "key"),
        "kind": choice(Mail, "kind", MAIL_KINDS),
        "customer": Key(a_code, column=None),
        "documents": Key(kinds.lines_of(a_code), ""),
        "sender": kept_text(Mail, "sender"),
        "to": Key(kinds.filled(kinds.lines_of(kinds.text(None, without=kinds.KEPT)))),
        "cc": _ADDRESSES,
        "subject": kept_text(Mail, "subject"),
        "status": choice(Mail, "status", MAIL_STATUSES),
        "by": kept_text(Mail, "by"),
        "at": _INSTANT,
        "outcome": kept_text(Mail, "outcome"),
        "sha256": _SHA256,
        "compressed": _BYTES,
    },
    named_by="number",
    required=("number", "key", "customer", "to", "at", "sha256", "compressed"),
)


MAIL_REPORT = Noun(
    {
        "key": Key(values.sha256),
        "notice": Key(kinds.whole(1, LARGEST), None, column=None),
        "mail": Key(kinds.whole(1, LARGEST), None, column=None),
        "kind": choice(MailReport, "kind", REPORT_KINDS),
        "recipients": _ADDRESSES,
        "status_code": kept_text(MailReport, "status_code"),
        "text": kept_text(MailReport, "text"),
        "subject": kept_text(MailReport, "subject"),
        "at": _INSTANT,
        "compressed": _BYTES,
        "dealt_at": _INSTANT_OR_NONE,
        "dealt_by": kept_text(MailReport, "dealt_by"),
    },
    named_by="key",
    required=("key", "at", "compressed"),
)


def name_of_upload(entry: Entry) -> tuple[object, ...]:
    """The same file may have been applied twice, at two instants."""
    return tuple(entry.get(name) for name in ("at", "kind", "sha256", "filename"))


UPLOAD = Noun(
    {
        "kind": kept_text(Upload, "kind"),
        "filename": kept_text(Upload, "filename"),
        "sha256": _SHA256,
        "at": _INSTANT,
        "by": kept_text(Upload, "by"),
        "counts": _OBJECT,
        "undone_at": _INSTANT_OR_NONE,
        "undone_by": kept_text(Upload, "undone_by"),
    },
    named_by="at",
    name=name_of_upload,
    required=("at", "sha256"),
)

WHOSE_DOCUMENT = Noun({"customer": Key(a_code, None), "supplier": Key(a_code, None), "number": Key(a_code)}, required=("number",))

EVENT = Noun(
    {
        "number": Key(kinds.whole(1, _LARGEST_BIG)),
        "at": _INSTANT,
        "by": kept_text(Event, "by"),
        "what": kept_text(Event, "what"),
        "notice": Key(kinds.whole(1, LARGEST), None, column=None),
        "customer": Key(a_code, None, column=None),
        "facts": _OBJECT,
        "hash": _SHA256,
    },
    named_by="number",
    required=("number", "at", "by", "what", "facts", "hash"),
    objects={"document": WHOSE_DOCUMENT},
)

HISTORY = Noun(
    {},
    objects={"numbering": Noun({name: Key(kinds.whole(0, LARGEST), 0) for name in ("runs", "notices")})},
    lists={
        "blocks": Noun({"digest": _SHA256, "compressed": _BYTES}, named_by="digest", required=("digest", "compressed")),
        "runs": RUN,
        "notices": NOTICE,
        "mails": MAIL,
        "reports": MAIL_REPORT,
        "uploads": UPLOAD,
        "events": EVENT,
    },
)
