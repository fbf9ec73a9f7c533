"""What does an e-mail show? One column at most 600 pixels wide, readable on a telephone, in the dark and in old mail programs.

Mail programs know tables and inline styles; the few that know more get the dark colours and the narrower margins from the style sheet.
The parts are in quoted-printable at once: what stands in every message is on lines of its own, written for the way once. A line break
between a tag and what it holds shows nowhere.
"""

import html
from functools import lru_cache

from relance.letters.claimed import Claimed, Row, interest_note
from relance.letters.mailing.printable import quoted
from relance.letters.placeholders import Data
from relance.letters.texts import Text
from relance.letters.words import words

_FACE = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Helvetica,Arial,sans-serif;"
_QUIET, _HAIR, _TINT = "#586473", "#dbe1e8", "#f3f6f9"
_CELL = f"padding:9px 0;border-bottom:1px solid {_HAIR};vertical-align:top;"
_AMOUNT = "padding-left:16px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;"
_SMALL = f"font-size:13px;line-height:18px;color:{_QUIET};"
_STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (max-width:480px){.sheet{padding:20px 18px!important}.outer{padding:0!important}}"
    "@media (prefers-color-scheme:dark){"
    "body,.outer{background:#14181d!important}.sheet{background:#1c2229!important;color:#e6eaef!important}"
    ".quiet{color:#a3afbc!important}.accent{color:#8fbce6!important}.line{border-color:#3a444f!important}"
    ".tint{background:#242c35!important;border-color:#8fbce6!important}}"
)
escape = lru_cache(5_000)(html.escape)  # most of what is written is the same in every message
_TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
_BLOCK = f'{_TABLE} style="margin:24px 0;">'
_WHAT = quoted(f'<tr><td class="line" style="{_CELL}word-break:break-word;">')
_DETAILS = quoted(f'<div class="quiet" style="{_SMALL}">')
_OPEN = quoted(f'</div></td><td class="line" style="{_CELL}{_AMOUNT}">')
_END = quoted("</td></tr>")


@lru_cache(10_000)
def _said(text: str) -> bytes:
    return quoted(escape(text))


def html_body(data: Data, text: Text, claim: Claimed) -> bytes:
    """The whole page in quoted-printable; every word of it that comes from outside is escaped."""
    company, display = data["company"]["name"], data["display"]
    blocks = (
        quoted(_head(data["language"], text.subject, display["text_color"], display["accent_color"], company)),
        _paragraphs(text.header),
        _claim(data, claim),
        quoted(_charges(data, claim)),
        _not_due(data, claim),
        quoted(_transfer(data, claim)),
        _paragraphs(text.footer),
        quoted(_signature(data, claim)),
        _FOOT,
    )
    return b"\r\n".join([block for block in blocks if block])


_FOOT = quoted("</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n")


@lru_cache(100)
def _head(language: str, subject: str, text_color: str, accent_color: str, company: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(subject)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        '<body style="margin:0;padding:0;background:#eef1f4;">\n'
        f'{_TABLE} style="{_FACE}"><tr><td class="outer" align="center" style="padding:24px 12px;background:#eef1f4;">\n'
        f'{_TABLE} style="max-width:600px;"><tr><td class="sheet" align="left" '
        f'style="padding:32px 36px;background:#ffffff;color:{text_color};font-size:16px;line-height:24px;">\n'
        f'<p class="accent" style="margin:0 0 24px;font-size:18px;font-weight:600;color:{accent_color};">{escape(company)}</p>'
    )


def _claim(data: Data, claim: Claimed) -> bytes:
    total = _total(words(data["language"])["total"])
    sums = [part for amount in claim.totals for part in (total, _said(amount), _END)]
    return b"\r\n".join([quoted(_BLOCK), *_rows(claim.rows), *sums, b"</table>"])


def _rows(rows: list[Row]) -> list[bytes]:
    parts = []
    for what, details, amount in rows:
        told = " · ".join(details)
        parts += [_WHAT, _said(what), _DETAILS, _said(told[:1].upper() + told[1:]), _OPEN, _said(amount), _END]
    return parts


@lru_cache(100)
def _total(said: str) -> bytes:
    style = f"padding-top:12px;{_AMOUNT}font-size:18px;font-weight:700;"
    return quoted(f'<tr><td style="padding:12px 0 0;font-weight:600;">{escape(said)}</td><td style="{style}">')


def _charges(data: Data, claim: Claimed) -> str:
    rows = "\n".join(
        f'<tr><td style="padding:3px 0;">{escape(what)}</td><td style="padding:3px 0;{_AMOUNT}">{escape(amount)}</td></tr>'
        for what, amount in claim.charges
    )
    if not rows:
        return ""
    head = f'<tr><td colspan="2" class="quiet" style="{_SMALL}">{escape(words(data["language"])["charges"])}</td></tr>'
    return f"{_BLOCK}{head}\n{rows}\n{_periods(data, claim)}</table>"


def _periods(data: Data, claim: Claimed) -> str:
    """How the interest came about, in small print."""
    said = words(data["language"])
    lines = [f"{said['period_line'].format(**one)}{said['colon']} {one['interest']}" for one in claim.periods]
    shown = "<br>".join(escape(line) for line in [*lines, interest_note(data)]) if lines else ""
    return f'<tr><td colspan="2" class="quiet" style="padding-top:6px;{_SMALL}">{shown}</td></tr>\n' if shown else ""


def _not_due(data: Data, claim: Claimed) -> bytes:
    if not claim.not_due:
        return b""
    head = f'<tr><td colspan="2" class="quiet" style="{_SMALL}">{escape(words(data["language"])["not_due"])}</td></tr>'
    return b"\r\n".join([quoted(f"{_BLOCK}\n{head}"), *_rows(claim.not_due), b"</table>"])


def _transfer(data: Data, claim: Claimed) -> str:
    lines = "\n".join(
        f'<div><span class="quiet" style="color:{_QUIET};">{escape(label)}</span> '
        f'<span style="font-weight:600;">{escape(value)}</span></div>'
        for label, value in claim.transfer
    )
    if not lines:
        return ""
    head = f'<div class="accent" style="font-weight:600;{_accented(data)}">{escape(words(data["language"])["pay_to"])}</div>'
    style = f"padding:14px 18px;background:{_TINT};border-left:3px solid {data['display']['accent_color']};font-size:15px;line-height:24px;"
    return f'{_TABLE} style="margin:24px 0;"><tr><td class="tint" style="{style}">\n{head}\n{lines}\n</td></tr></table>'


def _signature(data: Data, claim: Claimed) -> str:
    company = data["company"]
    rest = [line for line in (*company["address"], company["sender_email"], *claim.identity) if line]
    return (
        f'<p class="line" style="margin:28px 0 0;padding-top:16px;border-top:1px solid {_HAIR};font-weight:600;">{escape(company["name"])}'
        f'<br><span class="quiet" style="{_SMALL}font-weight:400;">{"<br>".join(escape(line) for line in rest)}</span></p>'
    )


def _accented(data: Data) -> str:
    return f"color:{data['display']['accent_color']};"


def _paragraphs(text: str) -> bytes:
    parts = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    return b"\r\n".join([_paragraph(part) for part in parts if part])


@lru_cache(2_000)
def _paragraph(text: str) -> bytes:
    return quoted(f'<p style="margin:0 0 14px;">{escape(text).replace(chr(10), "<br>")}</p>')
