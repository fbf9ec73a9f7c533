"""What would a customer read? Letters as pictures of their pages, e-mails as they are, with what is not stored yet."""

from base64 import b64encode
from typing import NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from relance.letters.preview import Kind
from relance.models.company import Company
from relance.models.finding import Unfound, find_customer
from relance.steps import Refused
from relance.steps.previewing import Draft, show
from relance.telling.sentences import in_words

KINDS = {"letter": gettext_lazy("Letter"), "email": gettext_lazy("E-mail")}


class Seen(NamedTuple):
    """The pages of a letter as addresses of pictures, or the HTML of an e-mail; or why there is neither."""

    pages: list[str]
    mail: str
    refusal: str


def seen(company: Company, draft: Draft, kind: str, customer: str = "") -> Seen:
    """A draft as it would read, on a made-up account or on what the customer of this code owes today."""
    form: Kind = "svg" if kind == "letter" else "html"
    try:
        made = show(company, draft, form, customer=find_customer(company, customer) if customer else None, as_of=localdate())
    except (Refused, Unfound) as refusal:
        return Seen([], "", in_words(refusal))
    if form == "html":
        return Seen([], made[0].decode(), "")
    return Seen([f"data:image/svg+xml;base64,{b64encode(page).decode()}" for page in made], "", "")
