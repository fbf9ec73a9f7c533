"""What does a template look like to begin with? The general letter as a text document, to be changed in Word or Writer.

Letters in DOCX, ODT and RTF are made of it where no template of the company's own is asked for, as the company has chosen that they look.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from relance.core.display import COLUMNS
from relance.letters.own import draft_mark, odt
from relance.letters.own.odt import Package
from relance.letters.placeholders import Data
from relance.letters.words import words

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "draw": "drawing",
    }.items()
)
_INK, _ACCENT, _QUIET, _HAIR, _TINT = "#1b2430", "#1f4e79", "#586473", "#ccd4dd", "#f3f6f9"
_MADE_ON = date(2026, 1, 1)

# name: (parent, paragraph properties, text properties)
_PARAGRAPHS: dict[str, tuple[str, str, str]] = {
    "Standard": ("", 'fo:margin-bottom="0.28cm" fo:line-height="115%" fo:orphans="2" fo:widows="2"', ""),
    "Tight": ("Standard", 'fo:margin-bottom="0cm" fo:line-height="100%"', ""),
    "Name": ("Tight", 'fo:margin-top="0.1cm" fo:margin-bottom="0.2cm"', f'fo:font-size="16pt" fo:font-weight="bold" fo:color="{_ACCENT}"'),
    "NameBelow": ("Tight", 'fo:margin-top="0.12cm"', f'fo:font-size="10pt" fo:font-weight="bold" fo:color="{_ACCENT}"'),  # a logo
    "Logo": ("Tight", 'fo:margin-bottom="0.15cm"', ""),
    "Small": ("Tight", "", f'fo:font-size="8.5pt" fo:color="{_QUIET}"'),
    "Address": ("Tight", "", 'fo:font-size="10.5pt"'),
    "Date": ("Standard", 'fo:margin-left="8.6cm" fo:margin-bottom="0.5cm"', ""),
    "Subject": (
        "Standard",
        'fo:margin-bottom="0.45cm" fo:keep-with-next="always"',
        f'fo:font-size="11.5pt" fo:font-weight="bold" fo:color="{_ACCENT}"',
    ),
    "Text": ("Standard", "", ""),
    "Closing": ("Text", 'fo:keep-with-next="always"', ""),  # nobody signs a page of its own
    "Cell": ("Tight", "", 'fo:font-size="9pt"'),
    "Figure": ("Cell", 'fo:text-align="end"', ""),
    "Head": ("Cell", "", f'fo:font-weight="bold" fo:color="{_ACCENT}"'),
    "FigureHead": ("Head", 'fo:text-align="end"', ""),
    "Total": ("Figure", 'fo:margin-top="0.1cm" fo:margin-bottom="0.1cm"', 'fo:font-size="11pt" fo:font-weight="bold"'),
    "Heading": (
        "Tight",
        'fo:margin-top="0.3cm" fo:margin-bottom="0.12cm" fo:keep-with-next="always"',
        f'fo:font-size="9pt" fo:font-weight="bold" fo:color="{_ACCENT}"',
    ),
    "Strong": ("Cell", "", 'fo:font-weight="bold"'),
    "Label": ("Cell", "", f'fo:font-size="7.5pt" fo:color="{_QUIET}"'),
    "Signature": ("Tight", 'fo:margin-left="8.6cm" fo:margin-top="0.3cm" fo:keep-with-next="always"', ""),
    "Signed": ("Tight", 'fo:margin-left="8.6cm" fo:margin-bottom="0.5cm"', 'fo:font-weight="bold"'),
    "Details": ("Tight", 'fo:line-height="130%"', 'fo:font-size="9pt"'),
    "Code": ("Tight", 'fo:text-align="end"', ""),
    "Cut": (
        "Heading",
        f'fo:margin-top="0.9cm" fo:padding-top="0.25cm" fo:border-top="0.5pt dashed {_QUIET}"',
        "",
    ),
    "Gap": ("Tight", "", 'fo:font-size="6pt"'),
    "End": ("Tight", 'fo:line-height="100%"', 'fo:font-size="1pt"'),  # what stands after a last table, lest a word processor add a line
    "Foot": ("Tight", f'fo:padding-top="0.2cm" fo:border-top="0.4pt solid {_HAIR}"', f'fo:font-size="7.5pt" fo:color="{_QUIET}"'),
}
_CELLS = {
    "Plain": "fo:padding='0cm' fo:border='none'",
    "Line": f"fo:padding='0.12cm' fo:border='none' fo:border-bottom='0.4pt solid {_HAIR}'",
    "HeadLine": f"fo:padding='0.12cm' fo:border='none' fo:border-bottom='0.9pt solid {_ACCENT}'",
    "Wide": f"fo:padding='0.2cm' fo:border='none' fo:background-color='{_TINT}' style:vertical-align='middle'",
    "Tint": f"fo:padding='0.12cm' fo:border='none' fo:background-color='{_TINT}'",
}
_WIDTHS = {  # centimetres; the text is 16.8 wide
    "Top": (8.6, 8.2),
    "Charges": (12.0, 4.8),
    "NotDue": (4.0, 8.0, 4.8),
    "Pay": (13.8, 3.0),
    "Slip": (5.0, 11.8),
    "Periods": (3.2, 4.6, 1.6, 2.4, 2.6, 2.4),
}
_TEXT_WIDTH = 16.8
_COLUMN_WIDTHS = {"date": 2.1, "due_date": 2.1, "days_overdue": 1.9, "amount": 2.25, "paid": 2.1, "open": 2.35, "interest": 1.9}
_FIGURES = ("days_overdue", "amount", "paid", "open", "interest")
_PERIOD = ("document", "period", "days", "rate", "base", "interest")


class Look(NamedTuple):
    """How a company wants its letters to look, as far as a text document can."""

    columns: tuple[str, ...] = COLUMNS
    window: str = "right"
    logo: bool = False  # whether there is one, above which the name need not be large
    interest: bool = False  # whether it is claimed, and has a column
    page_numbers: bool = True
    fold_marks: bool = True
    accent: str = _ACCENT
    ink: str = _INK


def look_of(display: Data) -> Look:
    """What a company has chosen of it, from its display options with the window decided."""
    columns, logo = tuple(display["columns"]), bool(display["logo"])
    numbers, folds = display["page_numbers"], display["fold_marks"]
    return Look(columns, display["window"], logo, False, numbers, folds, display["accent_color"], display["text_color"])  # noqa: FBT003


@lru_cache
def sample_template(language: str, look: Look = Look()) -> bytes:  # noqa: B008 - a value, never changed
    """The sample as an ODT, its fixed words in a language; the same bytes each time."""
    texts = {"content.xml": _content(language, look), "styles.xml": _styles(language, look)}
    coloured = {name: text.replace(_ACCENT, look.accent).replace(_INK, look.ink).encode() for name, text in texts.items()}
    return odt.pack(coloured, Package({}, b"", {}), "Relance", _MADE_ON)


def _content(language: str, look: Look) -> str:
    said = words(language)
    subject = f"{said['subject']} {{subject}}".strip()
    name = "NameBelow" if look.logo else "Name"
    sender = [("Logo", "{logo?}"), (name, "{company}"), ("Small", "{company_address}"), ("Small", "{sender_email?}")]
    references = [
        ("Small", f"{said['our_reference']}{said['colon']} {{number?}}"),
        ("Small", f"{said['customer_code']}{said['colon']} {{customer_code}}"),
    ]
    parties = [("Plain", references), ("Plain", [("Address", "{address}")])]
    body = (
        _table(
            "Top",
            _row([("Plain", sender)], "TopRow", spans=(2,)) + _row(parties if look.window == "right" else parties[::-1], "AddressRow"),
        )
        + _paragraph("Date", "{place_date}", _folds(look))
        + _paragraph("Subject", subject)
        + _paragraph("Text", "{header}")
        + _claim(said, look)
        + _paragraph("Gap", "")
        + _paragraph("Heading", "{charges_heading?}")
        + _table("Charges", _row(_cells("Plain", ("{charge.label}",), ("{charge.amount}",))))
        + _paragraph("Heading", "{not_due_heading?}")
        + _table("NotDue", _row(_cells("Line", ("{not_due.document}", "{not_due.due}"), ("{not_due.open}",))))
        + _paragraph("Heading", "{transfer_heading?}")
        + _table("Pay", _row([("Wide", [("Details", "{bank_details?}")]), ("Wide", [("Code", "{qr_code?}")])]))
        + _paragraph("Gap", "")
        + _paragraph("Closing", "{footer}")
        + _paragraph("Signature", "{signature?}")
        + _paragraph("Signed", "{signed}")
        + _paragraph("Small", "{enclosed?}")
        + _paragraph("Heading", "{periods_heading?}")
        + _table("Periods", _row(_cells("Line", *_parted([f"{{period.{name}}}" for name in _PERIOD], 2))))
        + _paragraph("Small", "{interest_note?}")
        + _paragraph("Cut", "{slip_heading?}")
        + _table("Slip", _row(_cells("Line", ("{slip.label}", "{slip.value}"), ())))
        + _paragraph("End", "")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMESPACES} office:version="1.3">'
        f"<office:automatic-styles>{_table_styles(look)}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def _folds(look: Look) -> str:
    """Two marks at the edge of the sheet."""
    downs = {"right": (9.9, 19.8), "left": (10.5, 21.0)}[look.window] if look.fold_marks else ()
    return "".join(
        f'<draw:line text:anchor-type="paragraph" draw:name="{draft_mark.FOLD}{down}" draw:style-name="Fold" '
        f'svg:x1="0.4cm" svg:y1="{down}cm" svg:x2="0.9cm" svg:y2="{down}cm"/>'
        for down in downs
    )


def _claim(said: dict[str, str], look: Look) -> str:
    names = _claim_columns(look)
    heads = [("HeadLine", [("FigureHead" if name in _FIGURES else "Head", said[_head(name)])]) for name in names]
    line = [("Line", [("Figure" if name in _FIGURES else "Cell", f"{{line.{name}}}")]) for name in names]
    if "label" in look.columns:
        line[0][1].append(("Label", "{line.label?}"))
    after = [("Line", [("Figure", "")])] if look.interest else []
    spans = (len(names) - 1 - len(after), 1, 1)
    subtotal = [("Tint", [("Figure", f"{said['subtotal']} {{subtotal.due_date}}")]), ("Tint", [("Figure", "{subtotal.open}")])]
    total = [("Plain", [("Total", f"{said['total']}   {{total.amount}}")])]
    return _table(
        "Claim",
        f"<table:table-header-rows>{_row(heads)}</table:table-header-rows>"
        + _row(line)
        + _row(subtotal + after, spans=spans)
        + _row(_cells("Line", ("{credit.label}",), ("{credit.open}",)) + after, spans=spans)
        + _row(total, spans=(len(names),)),
        columns=len(names),
    )


def _claim_columns(look: Look) -> list[str]:
    return ["document", *(name for name in look.columns if name != "label"), "open", *["interest"] * look.interest]


def _head(name: str) -> str:
    return "late" if name == "days_overdue" else name


def _cells(style: str, texts: tuple[str, ...], figures: tuple[str, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(style, [("Cell", text)]) for text in texts] + [(style, [("Figure", figure)]) for figure in figures]


def _parted(said: list[str], at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(said[:at]), tuple(said[at:])


def _paragraph(style: str, text: str, before: str = "") -> str:
    inside = escape(text).replace("   ", '<text:s text:c="3"/>')
    return f'<text:p text:style-name="{style}">{before}{inside}</text:p>'


def _table(name: str, rows: str, columns: int = 0) -> str:
    places = range(columns or len(_WIDTHS[name]))
    shaped = "".join(f'<table:table-column table:style-name="{name}{place}"/>' for place in places)
    return f'<table:table table:name="{name}" table:style-name="{name}">{shaped}{rows}</table:table>'


def _row(cells: list[tuple[str, list[tuple[str, str]]]], style: str = "Row", spans: tuple[int, ...] = ()) -> str:
    """A row; each cell has its style and its paragraphs."""
    said = ""
    for place, (cell, paragraphs) in enumerate(cells):
        span = spans[place] if spans else 1
        inside = "".join(_paragraph(*one) for one in paragraphs) or _paragraph("Tight", "")
        wide = f' table:number-columns-spanned="{span}"' if span > 1 else ""
        said += f'<table:table-cell table:style-name="{cell}"{wide} office:value-type="string">{inside}</table:table-cell>'
        said += "<table:covered-table-cell/>" * (span - 1)
    return f'<table:table-row table:style-name="{style}">{said}</table:table-row>'


def _table_styles(look: Look) -> str:
    said = (
        '<style:style style:name="Fold" style:family="graphic"><style:graphic-properties draw:stroke="solid" '
        f'svg:stroke-width="0.3pt" svg:stroke-color="{_QUIET}" style:run-through="background" style:wrap="run-through" '
        'style:vertical-pos="from-top" style:vertical-rel="page" style:horizontal-pos="from-left" style:horizontal-rel="page"/>'
        "</style:style>"
    )
    others = [_COLUMN_WIDTHS[name] for name in _claim_columns(look)[1:]]
    for name, widths in {**_WIDTHS, "Claim": (_TEXT_WIDTH - sum(others), *others)}.items():
        said += (
            f'<style:style style:name="{name}" style:family="table"><style:table-properties style:width="{sum(widths):.1f}cm" '
            'table:align="left" fo:margin-left="0cm"/></style:style>'
        )
        for place, width in enumerate(widths):
            said += (
                f'<style:style style:name="{name}{place}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{width:.1f}cm"/></style:style>'
            )
    for name, least in {"Row": "0.1", "TopRow": "4.2", "AddressRow": "3.6"}.items():
        said += (
            f'<style:style style:name="{name}" style:family="table-row">'
            f'<style:table-row-properties style:min-row-height="{least}cm" fo:keep-together="always"/></style:style>'
        )
    for name, properties in _CELLS.items():
        said += f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties {properties}/></style:style>'
    return said


def _styles(language: str, look: Look) -> str:
    styles = "".join(_paragraph_style(name, *style) for name, style in _PARAGRAPHS.items())
    if look.window == "left":  # the letter begins on the left too
        styles = styles.replace('fo:margin-left="8.6cm"', 'fo:margin-left="0cm"')
    number = '<text:page-number text:select-page="current">1</text:page-number>/<text:page-count>1</text:page-count>'
    place = f" – {words(language)['page']} {number}" if look.page_numbers else ""
    foot = f'<text:p text:style-name="Foot">{{company_identity}}{place}</text:p>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {_NAMESPACES} office:version="1.3">'
        '<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial" style:font-family-generic="swiss"/>'
        f"</office:font-face-decls><office:styles>{_defaults(language)}{styles}</office:styles>"
        '<office:automatic-styles><style:page-layout style:name="Sheet"><style:page-layout-properties fo:page-width="21cm" '
        'fo:page-height="29.7cm" fo:margin-top="1.3cm" fo:margin-bottom="1.2cm" fo:margin-left="2.2cm" fo:margin-right="2cm" '
        'style:print-orientation="portrait"/><style:footer-style><style:header-footer-properties fo:min-height="0.8cm" '
        'fo:margin-top="0.4cm"/></style:footer-style></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Sheet">'
        f"<style:footer>{foot}</style:footer></style:master-page></office:master-styles></office:document-styles>"
    )


def _defaults(language: str) -> str:
    country = {"fr": "FR", "de": "DE"}.get(language, "GB")
    return (
        '<style:default-style style:family="paragraph"><style:paragraph-properties style:tab-stop-distance="1.25cm"/>'
        f'<style:text-properties style:font-name="Arial" fo:font-size="10pt" fo:color="{_INK}" fo:language="{language}" '
        f'fo:country="{country}"/></style:default-style>'
        '<style:default-style style:family="table"><style:table-properties table:border-model="collapsing"/></style:default-style>'
    )


def _paragraph_style(name: str, parent: str, paragraph: str, text: str) -> str:
    stop = '<style:tab-stops><style:tab-stop style:position="3.8cm"/></style:tab-stops>' if name == "Details" else ""
    above = f' style:parent-style-name="{parent}"' if parent else ""
    properties = (f"<style:paragraph-properties {paragraph}>{stop}</style:paragraph-properties>" if paragraph else "") + (
        f"<style:text-properties {text}/>" if text else ""
    )
    return f'<style:style style:name="{name}" style:family="paragraph"{above} style:class="text">{properties}</style:style>'
