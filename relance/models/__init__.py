"""What does the company remember? The nouns of dunning, their constraints, and the streams that read them."""

from relance.models.access import Membership, User
from relance.models.attachments import Attachment, NoticeEnclosure, StoredFile
from relance.models.bank import BankAccount, BankEntry, Match
from relance.models.batches import Batch, Launch
from relance.models.company import Collaborator, Company, CustomerType, PaymentMethod, Policy, PolicyLevel, Status
from relance.models.display import Picture
from relance.models.history import Event, Imprint, LeftOutBlock, Rendition, RunLeftOut, Source, Upload
from relance.models.ledger import Allocation, Document, DueItem, Payment
from relance.models.mails import Mail
from relance.models.notices import Notice, NoticeLine, Run
from relance.models.pace import Pace
from relance.models.parties import Contact, Customer, Site, Supplier
from relance.models.reports import MailboxMark, MailReport
from relance.models.sealed import Secret
from relance.models.searches import SavedSearch
from relance.models.templates import LetterTemplate, TemplateUse, TemplateVersion
from relance.models.tokens import Answered, Token
from relance.models.webhooks import Webhook, WebhookMessage, WebhookTry

__all__ = [
    "Allocation",
    "Answered",
    "Attachment",
    "BankAccount",
    "BankEntry",
    "Batch",
    "Collaborator",
    "Company",
    "Contact",
    "Customer",
    "CustomerType",
    "Document",
    "DueItem",
    "Event",
    "Imprint",
    "Launch",
    "LeftOutBlock",
    "LetterTemplate",
    "Mail",
    "MailReport",
    "MailboxMark",
    "Match",
    "Membership",
    "Notice",
    "NoticeEnclosure",
    "NoticeLine",
    "Pace",
    "Payment",
    "PaymentMethod",
    "Picture",
    "Policy",
    "PolicyLevel",
    "Rendition",
    "Run",
    "RunLeftOut",
    "SavedSearch",
    "Secret",
    "Site",
    "Source",
    "Status",
    "StoredFile",
    "Supplier",
    "TemplateUse",
    "TemplateVersion",
    "Token",
    "Upload",
    "User",
    "Webhook",
    "WebhookMessage",
    "WebhookTry",
]
