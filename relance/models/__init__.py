"""What does the company remember? The nouns of dunning, their constraints, and the streams that read them."""

from relance.models.company import Collaborator, Company, PaymentMethod, Policy, PolicyLevel, Status
from relance.models.history import Event, LeftOutBlock, Rendition, RunLeftOut, Source, Upload
from relance.models.ledger import Allocation, Document, DueItem, Payment
from relance.models.notices import Notice, NoticeLine, Run
from relance.models.parties import Contact, Customer, Site, Supplier

__all__ = [
    "Allocation",
    "Collaborator",
    "Company",
    "Contact",
    "Customer",
    "Document",
    "DueItem",
    "Event",
    "LeftOutBlock",
    "Notice",
    "NoticeLine",
    "Payment",
    "PaymentMethod",
    "Policy",
    "PolicyLevel",
    "Rendition",
    "Run",
    "RunLeftOut",
    "Site",
    "Source",
    "Status",
    "Supplier",
    "Upload",
]
