"""What statements do tests read? A little table of movements, written in each of the formats."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from relance.importers.bank import read_bank
from relance.importers.statements import Entry, Reading

DATA = Path(__file__).parents[3] / "shared" / "data" / "bank"
IBAN = "FR7630006000011234567890189"


class Move(NamedTuple):
    """A movement: its day, its amount in cents, what is said, who paid and from which account; the reason of one that came back."""

    on: str
    amount: int
    says: str = ""
    payer: str = ""
    iban: str = ""
    reference: str = ""
    returned: str = ""
    bank_reference: str = ""
    status: str = "BOOK"
    code: str = ""


def camt(
    moves: Iterable[Move],
    *,
    opening: int = 0,
    closing: int | None = None,
    version: str = "053.001.02",
    account: str = IBAN,
    currency: str = "EUR",
    statement: str = "1",
) -> bytes:
    """A camt.053, or a camt.054 without balances."""
    moves = list(moves)
    is_statement = version.startswith("053")
    if closing is None:
        closing = opening + sum(move.amount for move in moves if move.status == "BOOK")
    outer, inner = ("BkToCstmrStmt", "Stmt") if is_statement else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    balances = _balance("OPBD", opening, currency) + _balance("CLBD", closing, currency) if is_statement else ""
    entries = "".join(_camt_entry(move, version, currency) for move in moves)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><{outer}>\n'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr><{inner}><Id>{statement}</Id>\n"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>\n{balances}{entries}</{inner}></{outer}></Document>\n"
    ).encode()


def _balance(code: str, amount: int, currency: str) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_signed(amount, currency)}<Dt><Dt>2026-07-31</Dt></Dt></Bal>\n"


def _signed(amount: int, currency: str) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="{currency}">{_decimal(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _decimal(amount: int) -> str:
    return f"{abs(amount) // 100}.{abs(amount) % 100:02}"


def _camt_entry(move: Move, version: str, currency: str) -> str:
    newer = int(version[-2:]) >= 8
    status = f"<Sts><Cd>{move.status}</Cd></Sts>" if newer else f"<Sts>{move.status}</Sts>"
    name = f"<Pty><Nm>{escape(move.payer)}</Nm></Pty>" if newer else f"<Nm>{escape(move.payer)}</Nm>"
    side = "Dbtr" if move.amount > 0 or move.returned else "Cdtr"
    parties = f"<RltdPties><{side}>{name}</{side}><{side}Acct><Id><IBAN>{move.iban}</IBAN></Id></{side}Acct></RltdPties>"
    returned = f"<RtrInf><Rsn><Cd>{move.returned}</Cd></Rsn></RtrInf>" if move.returned else ""
    return (
        f"<Ntry>{_signed(move.amount, currency)}{status}<BookgDt><Dt>{move.on}</Dt></BookgDt><ValDt><Dt>{move.on}</Dt></ValDt>"
        f"<AcctSvcrRef>{move.bank_reference}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>{move.code or 'ESCT'}</SubFmlyCd></Fmly></Domn></BkTxCd>\n"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{escape(move.reference or 'NOTPROVIDED')}</EndToEndId></Refs>{parties}"
        f"<RmtInf><Ustrd>{escape(move.says)}</Ustrd></RmtInf>{returned}</TxDtls></NtryDtls></Ntry>\n"
    )


def cfonb(moves: Iterable[Move], *, opening: int = 0, closing: int | None = None, account: str = "12345678901") -> bytes:
    """A CFONB 120 statement; ``code`` is the operation's, 05 for a transfer that came in."""
    moves = list(moves)
    closing = opening + sum(move.amount for move in moves) if closing is None else closing
    first, last = min(move.on for move in moves), max(move.on for move in moves)
    lines = [_record("01", account, _short(first), opening)]
    for move in moves:
        lines.append(
            _record("04", account, _short(move.on), move.amount, code=move.code or "05", label=move.says[:31], reason=move.returned[-2:])
        )
        for qualifier, text in (("NPY", move.payer), ("LCC", move.says), ("RCN", move.reference), ("CPY", move.iban)):
            if text:
                lines.append(_complement(account, _short(move.on), qualifier, text, move.code or "05"))
    lines.append(_record("07", account, _short(last), closing))
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def _short(on: str) -> str:
    return f"{date.fromisoformat(on):%d%m%y}"


def _record(kind: str, account: str, on: str, amount: int, code: str = "  ", label: str = "", reason: str = "") -> str:
    figures = f"{abs(amount):014}"
    last = ("{ABCDEFGHI" if amount >= 0 else "}JKLMNOPQR")[int(figures[-1])]
    middle = f"{on}{reason:2}{on if kind == '04' else '':6}{label:31}  {'':7}  " if kind == "04" else f"{on}{'':50}"
    return f"{kind}30006    00001EUR2 {account:11}{code:2}{middle}{figures[:-1]}{last}{'':16}"


def _complement(account: str, on: str, qualifier: str, text: str, code: str) -> str:
    return f"0530006    00001EUR2 {account:11}{code:2}{on}{'':5}{qualifier:3}{text[:70]:70}  "


def mt940(moves: Iterable[Move], *, opening: int = 0, closing: int | None = None, account: str = IBAN) -> bytes:
    """An MT940 with German sub-fields."""
    moves = list(moves)
    closing = opening + sum(move.amount for move in moves) if closing is None else closing
    lines = [":20:STARTUMSE", f":25:{account}", ":28C:1/1", f":60F:{_swift(opening, moves[0].on)}"]
    for move in moves:
        day = f"{date.fromisoformat(move.on):%y%m%d}"
        side = "C" if move.amount > 0 else "RC" if move.returned else "D"
        lines.append(f":61:{day}{day[2:]}{side}{_decimal(move.amount).replace('.', ',')}NTRFNONREF//{move.bank_reference}")
        lines.append(f":86:166?00GUTSCHRIFT?20EREF+{move.reference or 'NOTPROVIDED'}?21SVWZ+{move.says}?31{move.iban}?32{move.payer}")
    lines += [f":62F:{_swift(closing, moves[-1].on)}", "-"]
    return ("\r\n".join(lines) + "\r\n").encode()


def _swift(amount: int, on: str) -> str:
    return f"{'C' if amount >= 0 else 'D'}{date.fromisoformat(on):%y%m%d}EUR{_decimal(amount).replace('.', ',')}"


def ofx(moves: Iterable[Move], *, closing: int = 0, xml: bool = False, account: str = "12345678901") -> bytes:
    """An OFX statement, of the old kind without closing tags, or of the new."""
    head = '<?xml version="1.0"?>\n<?OFX OFXHEADER="200"?>\n' if xml else "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n"

    def tag(name: str, value: str) -> str:
        return f"<{name}>{escape(value)}{f'</{name}>' if xml else ''}\n"

    entries = "".join(
        "<STMTTRN>\n"
        + tag("TRNTYPE", "CREDIT" if move.amount > 0 else "DEBIT")
        + tag("DTPOSTED", move.on.replace("-", "") + "120000[+1:CET]")
        + tag("TRNAMT", ("-" if move.amount < 0 else "") + _decimal(move.amount))
        + tag("FITID", move.bank_reference or f"{place}")
        + tag("NAME", move.payer)
        + tag("MEMO", move.says)
        + "</STMTTRN>\n"
        for place, move in enumerate(moves)
    )
    whose = tag("BANKID", "30006") + tag("BRANCHID", "00001") + tag("ACCTID", account) + tag("ACCTTYPE", "CHECKING")
    balance = f"<LEDGERBAL>\n{tag('BALAMT', ('-' if closing < 0 else '') + _decimal(closing))}{tag('DTASOF', '20260731')}</LEDGERBAL>\n"
    listed = f"<BANKTRANLIST>\n{entries}</BANKTRANLIST>\n"
    body = f"<STMTRS>\n{tag('CURDEF', 'EUR')}<BANKACCTFROM>\n{whose}</BANKACCTFROM>\n{listed}{balance}</STMTRS>\n"
    return f"{head}<OFX><BANKMSGSRSV1><STMTTRNRS>{body}</STMTTRNRS></BANKMSGSRSV1></OFX>\n".encode()


def read(content: bytes) -> Reading:
    """What is read from a file of these bytes."""
    return read_bank(BytesIO(content))


def entries(content: bytes) -> list[Entry]:
    """The entries of a file without a fault."""
    reading = read(content)
    assert [str(problem) for problem in reading.problems] == []
    return [entry for statement in reading.statements for entry in statement.entries]
