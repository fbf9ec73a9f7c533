"""What does the user documentation say, and which page of it speaks of this screen? The documents of ``docs``, shown in the application."""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from relance.core.names import collation_key
from relance.telling.figures import language
from relance.web.access import signed_in

DOCS = Path(__file__).parent / "docs"
CHAPTERS: dict[Any, tuple[str, ...]] = {
    _("Screen by screen"): ("demarrer", "journee", "client", "factures", "bloquer", "balance", "importer", "reglages"),
    _("How to"): (
        *("relancer-a-la-main", "editer-des-lettres", "write-letters", "letter-templates", "enclose-invoices"),
        *("import-a-list", "importer-des-factures-electroniques", "pointer-les-encaissements", "exporter-les-listes", "dossier-de-preuve"),
        *("configurer-la-messagerie", "unattended", "serve", "dun", "send-mail", "api-tour", "api", "recevoir-les-webhooks"),
    ),
    _("Words"): ("glossary",),
}
ABOUT = {  # by the beginning of the name of an address, the longest first
    "aged": "balance",
    "batch": "unattended",
    "calendar": "journee",
    "company": "reglages",
    "customers": "client",
    "dashboard": "journee",
    "document": "factures",
    "edition": "editer-des-lettres",
    "first_steps": "demarrer",
    "found": "demarrer",
    "imports": "importer",
    "invoices": "factures",
    "letter_templates": "letter-templates",
    "levels": "factures",
    "look": "write-letters",
    "mail": "client",
    "matching": "pointer-les-encaissements",
    "messaging": "configurer-la-messagerie",
    "notice": "journee",
    "own_tokens": "api-tour",
    "policies": "reglages",
    "policy": "reglages",
    "rates": "reglages",
    "mail_folder": "configurer-la-messagerie",
    "reports": "configurer-la-messagerie",
    "review": "factures",
    "run": "journee",
    "searches": "factures",
    "short_lists": "reglages",
    "texts": "write-letters",
    "tokens": "reglages",
    "users": "reglages",
    "webhooks": "recevoir-les-webhooks",
}
_FIRST_IN_ENGLISH = ("dun", "send-mail", "api-tour", "api", "glossary")  # of docs; in French they are in docs/fr
_LINK = re.compile(r'href="(?!https?:|mailto:|#)([^"#]*)(#[^"]*)?"')
_NEAR = 90  # letters shown on either side of what was found


class Page(NamedTuple):
    """A document: its language, its title, its text in HTML, as plain words, and as what a search compares."""

    slug: str
    language: str
    title: str
    html: SafeString
    words: str
    key: str


class Hit(NamedTuple):
    """A document in which something was found, and what stands around it."""

    page: Page
    near: str


@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The documents by chapter, in the reader's language where they are; with ``?q=``, those in which every word asked for stands."""
    asked = request.GET.get("q", "").strip()[:80]
    chapters = [(title, [page_of(slug, language()) for slug in slugs]) for title, slugs in CHAPTERS.items()]
    return render(request, "help.html", {"chapters": chapters, "asked": asked, "hits": list(found(asked)) if asked else []})


@signed_in
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One document."""
    if slug not in slugs():
        raise Http404
    return render(request, "help_page.html", {"page": page_of(slug, language())})


def about(address: str) -> str:
    """The document that speaks of a screen, by the name of its address; empty where none does."""
    return next((slug for start, slug in sorted(ABOUT.items(), key=lambda one: -len(one[0])) if address.startswith(start)), "")


def slugs() -> tuple[str, ...]:
    """Every document that is shown."""
    return tuple(slug for of_chapter in CHAPTERS.values() for slug in of_chapter)


def found(asked: str) -> list[Hit]:
    """Documents in which every word of these stands, those with it in the title first."""
    parts = collation_key(asked).split()
    hits = [
        Hit(page, _near(page.words, asked))
        for page in (page_of(slug, language()) for slug in slugs())
        if parts and all(part in page.key for part in parts)
    ]
    return sorted(hits, key=lambda hit: not _holds(hit.page.title, parts))


@cache
def page_of(slug: str, language: str = "fr") -> Page:
    """A document, read once; in the language that is asked for, where it was written."""
    rooms = (DOCS / language, DOCS, *(DOCS / room for room in ("how-to", "ecrans", "reference")))
    path = next(path for room in rooms if (path := room / f"{slug}.md").exists())
    text = path.read_text(encoding="utf-8")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text.partition("\n")[2])
    shown = _LINK.sub(_leads, html)
    title = text.partition("\n")[0].removeprefix("# ").strip()
    words = " ".join(unescape(strip_tags(shown)).split())
    return Page(
        slug,
        path.parent.name if path.parent.name in ("en", "fr") else "en" if slug in _FIRST_IN_ENGLISH else "fr",
        title,
        mark_safe(shown),  # noqa: S308  # our own documents, raw HTML off
        words,
        collation_key(f"{title} {words}"),
    )


def _leads(link: re.Match[str]) -> str:
    """A link to another document shown here; what is not shown here is named and leads nowhere."""
    slug = Path(link[1]).stem
    return f'href="{reverse("help_page", args=[slug])}"' if slug in slugs() else f'title="{link[1]}"'


def _holds(text: str, parts: list[str]) -> bool:
    key = collation_key(text)
    return all(part in key for part in parts)


def _near(words: str, asked: str) -> str:
    """What stands around the first of the words, as it is written."""
    at = words.lower().find(asked.lower().split()[0])
    start = max(0, at - _NEAR)
    return ("… " if start else "") + words[start : max(at, 0) + _NEAR] + " …"
