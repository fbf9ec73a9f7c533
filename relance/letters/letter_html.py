"""How does a letter look as a web page? The general letter as one HTML file that needs nothing else, and prints on A4 as a letter.

What stands on it is what stands on the PDF; every word from outside is escaped.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape

from relance.letters.page import page
from relance.letters.placeholders import Data

_ARTICLE = re.compile(r"<article .*?</article>\n", re.DOTALL)
_FIGURES = ("days_overdue", "amount", "paid", "open", "interest")
_STYLE = """
:root{--ink:#1b2430;--accent:#1f4e79;--quiet:#586473;--hair:#ccd4dd;--tint:#f3f6f9}
@page{size:A4;margin:13mm 20mm 15mm 22mm}
*{box-sizing:border-box}
body{margin:0;background:#e6eaee;color:var(--ink);font:9.5pt/1.32 "Source Sans Pro","Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:lining-nums tabular-nums}
article{position:relative;z-index:0;width:210mm;min-height:297mm;margin:8mm auto;padding:13mm 20mm 15mm 22mm;background:#fff;
box-shadow:0 1px 6px rgba(0,0,0,.25);display:flow-root}
header{display:grid;grid-template-columns:86mm 1fr;grid-template-rows:42mm 30mm}
.from{grid-column:1/3;color:var(--quiet);font-size:8.5pt;line-height:1.35}
.from strong{display:block;color:var(--accent);font-size:16pt;line-height:1.4}
.references{margin:0;font-size:9pt;color:var(--quiet);display:grid;grid-template-columns:auto 1fr;gap:0 3.5mm;align-content:start}
.references dd{margin:0;color:var(--ink)}
address{font-style:normal;font-size:10.5pt;line-height:1.3}
address strong{color:#b3261e}
.date{margin:0 0 4mm 86mm}
h1{font-size:11.5pt;color:var(--accent);margin:0 0 4.5mm}
p{margin:0 0 2.4mm}
table{border-collapse:collapse;width:100%;font-size:9pt;margin:2mm 0 2.5mm}
thead{display:table-header-group}
tr{break-inside:avoid}
th{color:var(--accent);text-align:left;border-bottom:.9pt solid var(--accent);padding:1.3mm 2mm}
td{border-bottom:.4pt solid var(--hair);padding:1.1mm 2mm;vertical-align:top;overflow-wrap:anywhere}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
.figure{text-align:right;white-space:nowrap}
.subtotal td{background:var(--tint);text-align:right}
small{color:var(--quiet);margin-left:1.5mm}
.total{text-align:right;font-size:11pt;margin:0 0 3.5mm}
.total strong{margin-left:4mm}
.charges{display:grid;grid-template-columns:1fr auto;gap:1mm 6mm;font-size:9pt;margin:0 0 4mm}
.charges b{grid-column:1/3}
.transfer{display:flex;justify-content:space-between;align-items:center;background:var(--tint);border-left:2pt solid var(--accent);
padding:2.5mm 4mm;margin:4mm 0 5mm;break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.transfer h2{font-size:10pt;color:var(--accent);margin:0 0 1.5mm}
.transfer dl{margin:0;font-size:9pt;display:grid;grid-template-columns:auto 1fr;gap:.6mm 4mm}
.transfer dt{color:var(--quiet)}
.transfer dd{margin:0;font-weight:600}
.transfer svg{width:28mm;height:28mm;background:#fff;padding:2mm}
.signature{margin:4mm 0 7mm 86mm;break-inside:avoid;font-weight:700}
.enclosed{font-size:8.5pt;color:var(--quiet)}
.signature img,.from img{display:block;height:17mm;margin-bottom:1mm}
.slip{border-top:.5pt dashed var(--quiet);padding-top:2.5mm;break-inside:avoid}
.slip dl{margin:0 0 4mm;font-size:9pt;display:grid;grid-template-columns:auto 1fr auto 34mm;gap:1.5mm 4mm}
.slip dd{margin:0;font-weight:600}
.slip dd:empty{border-bottom:.5pt solid var(--quiet)}
.window-left header{grid-template-columns:1fr 60mm}
.window-left address{grid-column:1;grid-row:2}
.window-left .date,.window-left .signature{margin-left:0}
footer{break-before:avoid;border-top:.4pt solid var(--hair);padding-top:2mm;font-size:7.5pt;color:var(--quiet)}
.mark{position:absolute;inset:13mm 20mm 15mm 22mm;z-index:-1;background:top center/168mm 269mm repeat-y;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
@media print{body{background:none}article{width:auto;min-height:0;margin:0;padding:0;box-shadow:none;break-after:page}
article:last-child{break-after:auto}.mark{inset:0}}
@media screen and (max-width:210mm){article{width:auto;min-height:0;margin:0;padding:6vw}header{display:block}
.from,.references,address{margin-bottom:5mm}.date,.signature{margin-left:0}table{display:block;overflow-x:auto}}
"""


def render_html(data: Data) -> bytes:
    """The letter of a notice as a page of its own; ``data`` as in docs/reference/letter-data.md."""
    letter = page(data)
    return _document(letter["language"], letter["title"], [_article(letter)])


def join_html(letters: Iterable[bytes]) -> bytes:
    """One page of letters made here, each of them beginning a new sheet where it is printed."""
    texts = [letter.decode() for letter in letters]
    language = re.search(r'<html lang="([^"]*)"', texts[0])
    title = re.search(r'<meta name="author" content="([^"]*)"', texts[0])
    assert language
    assert title
    return _document(language[1], title[1], [article for text in texts for article in _ARTICLE.findall(text)], escaped=True)


def joins(letter: bytes) -> bool:
    """Whether a page was made here, and can be joined with others."""
    return letter.startswith(_START.encode())


_START = "<!doctype html>\n<!-- a letter of Relance -->\n"


def _document(language: str, title: str, articles: list[str], *, escaped: bool = False) -> bytes:
    title = title if escaped else escape(title)
    return (
        f'{_START}<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="author" content="{title}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{''.join(articles)}</body>\n</html>\n"
    ).encode()


def _article(letter: Data) -> str:
    said = letter["words"]
    mark = said["draft"] if letter["draft"] else said["duplicate"] if letter["duplicate"] else ""
    subject = f"{said['subject']} {letter['subject']}".strip()
    blocks = (
        _mark(mark) if mark else "",
        _head(letter),
        f'<p class="date">{escape(letter["place_date"])}</p>',
        f"<h1>{escape(subject)}</h1>",
        _paragraphs(letter["header"]),
        "".join(_table(letter, table) for table in letter["tables"]),
        _charges(letter),
        _not_due(letter),
        _transfer(letter),
        _paragraphs(letter["footer"]),
        f'<p class="signature">{_picture(letter["look"]["signature"])}{_lines(letter["signature"])}</p>',
        f'<p class="enclosed">{escape(letter["enclosed"])}</p>' if letter["enclosed"] else "",
        _periods(letter),
        _slip(letter),
        f"<footer>{f'<b>{escape(mark)}</b> – ' if mark else ''}{escape(letter['company']['identity'])}</footer>",
    )
    inside = "\n".join(block for block in blocks if block)
    look = f"--ink:{letter['look']['text_color']};--accent:{letter['look']['accent_color']}"
    side = f"window-{letter['look']['window']}"
    return f'<article lang="{escape(letter["language"])}" class="{side}" style="{escape(look)}">\n{inside}\n</article>\n'


def _mark(said: str) -> str:
    """The mark across every sheet that the letter fills."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 168 269"><text x="84" y="150" text-anchor="middle" '
        'transform="rotate(-54 84 140)" font-family="sans-serif" font-weight="700" font-size="34" letter-spacing="1.4" '
        f'fill="#f0d3d0">{escape(said)}</text></svg>'
    )
    address = b64encode(drawn.encode()).decode()
    drawing = f"background-image:url(data:image/svg+xml;base64,{address})"
    return f'<div class="mark" role="img" aria-label="{escape(said)}" style="{drawing}"></div>'


def _head(letter: Data) -> str:
    company, address = letter["company"], letter["address"]
    unknown = f"<br><strong>{escape(letter['words']['no_address'])}</strong>" if address["unknown"] else ""
    logo, lines = _picture(letter["look"]["logo"]), _lines([line for line in company["address"] if line])
    return (
        f'<header><div class="from">{logo}<strong>{escape(company["name"])}</strong>{lines}</div>'
        f'<dl class="references">{_pairs(letter["references"])}</dl><address>{_lines(address["lines"])}{unknown}</address></header>'
    )


def _table(letter: Data, table: Data) -> str:
    said = letter["words"]
    names = ["document", *table["columns"], "open", *(["interest"] if table["interest"] else [])]
    heads = "".join(f"<th{_figure(name)}>{escape(said['late' if name == 'days_overdue' else name])}</th>" for name in names)
    rows = "\n".join(_row(row, table, said) for row in table["rows"])
    currency = f"<p><b>{escape(table['currency'])}</b></p>" if len(letter["tables"]) > 1 else ""
    total = f'<p class="total">{escape(said["total"])} <strong>{escape(table["total"])}</strong></p>'
    return f"{currency}<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n{total}"


def _row(row: Data, table: Data, said: dict[str, str]) -> str:
    last = "<td></td>" if table["interest"] else ""
    across = f'colspan="{len(table["columns"]) + 1}"'
    if "credit" in row:
        return f'<tr><td {across}>{escape(row["credit"])}</td><td class="figure">{escape(row["open"])}</td>{last}</tr>'
    if "subtotal" in row:
        label = f"{escape(said['subtotal'])} {escape(row['subtotal'])}"
        return f'<tr class="subtotal"><td {across}>{label}</td><td class="figure"><b>{escape(row["open"])}</b></td>{last}</tr>'
    label = f"<small>{escape(row['label'])}</small>" if table["labels"] and row["label"] else ""
    names = (*table["columns"], "open", *(("interest",) if table["interest"] else ()))
    cells = "".join(f"<td{_figure(name)}>{escape(row[name])}</td>" for name in names)
    return f"<tr><td>{escape(row['document'])}{label}</td>{cells}</tr>"


def _figure(name: str) -> str:
    return ' class="figure"' if name in _FIGURES else ""


def _not_due(letter: Data) -> str:
    rows = "".join(
        f'<tr><td>{escape(what)}</td><td>{escape(", ".join(details))}</td><td class="figure">{escape(amount)}</td></tr>'
        for what, details, amount in letter["not_due"]
    )
    return f"<p><b>{escape(letter['words']['not_due'])}</b></p>\n<table>{rows}</table>" if rows else ""


def _periods(letter: Data) -> str:
    """How the interest was computed."""
    if letter["periods"] is None:
        return ""
    said, figures = letter["words"], ("", "", *[' class="figure"'] * 4)
    names = ("document", "period", "days", "rate", "base", "interest")
    heads = "".join(f"<th{kind}>{escape(said[name])}</th>" for name, kind in zip(names, figures, strict=True))
    rows = "".join(
        f"<tr>{''.join(f'<td{kind}>{escape(cell)}</td>' for cell, kind in zip(row, figures, strict=True))}</tr>\n"
        for row in letter["periods"]["rows"]
    )
    table = f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>"
    return f"<p><b>{escape(said['charge_periods'])}</b></p>\n{table}\n<p><small>{escape(letter['periods']['note'])}</small></p>"


def _slip(letter: Data) -> str:
    """At the end, to be cut off and sent back."""
    if letter["slip"] is None:
        return ""
    title = f"<b>{escape(letter['words']['slip'])}</b> {escape(letter['company']['name'])}"
    return f'<section class="slip"><p>{title}</p><dl>{_pairs(letter["slip"])}</dl></section>'


def _picture(drawn: str | None) -> str:
    """A logo or signature, framed as a drawing of its own."""
    return f'<img src="data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}" alt="">' if drawn else ""


def _charges(letter: Data) -> str:
    rows = "".join(f"<span>{escape(what)}</span><span>{escape(amount)}</span>" for what, amount in letter["charges"])
    return f'<div class="charges"><b>{escape(letter["words"]["charges"])}</b>{rows}</div>' if rows else ""


def _transfer(letter: Data) -> str:
    if letter["transfer"] is None:
        return ""
    said, code = letter["words"], letter["transfer"]["code"]
    drawn = ""
    if code:
        box = f'viewBox="0 0 {code["size"]} {code["size"]}"'
        drawn = f'<svg {box} role="img" aria-label="{escape(said["code"])}"><path d="{escape(code["path"])}"/></svg>'
    lines = f"<h2>{escape(said['pay_to'])}</h2><dl>{_pairs(letter['transfer']['lines'])}</dl>"
    return f'<section class="transfer"><div>{lines}</div>{drawn}</section>'


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in pairs)


def _paragraphs(paragraphs: Iterable[list[str]]) -> str:
    return "\n".join(f"<p>{_lines(lines)}</p>" for lines in paragraphs)


def _lines(lines: Iterable[str]) -> str:
    return "<br>".join(escape(line) for line in lines)
