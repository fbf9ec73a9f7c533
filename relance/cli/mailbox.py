"""How is the mailbox read from the command line, and what came back?"""

from typing import Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import LAST_ID, AsJson, CompanyCode, user
from relance.cli.terminal import show, show_table
from relance.cli.words import speech_of, terminal_speech


def read(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Read what came back: bounces mark their notices, drafts found among what was sent are confirmed; read again, it changes nothing."""
    from relance.models.finding import find_company
    from relance.steps import running

    found = find_company(company)
    reading = running.read_mailbox(found, user())
    if as_json:
        print_json(reading.told())
        return
    words = speech_of(found.language)
    show(
        words(
            "{kept} new reports, {bounced} notices bounced, {confirmed} drafts confirmed",
            kept=reading.kept,
            bounced=len(reading.bounced),
            confirmed=len(reading.sent),
        )
    )


def reports(
    company: CompanyCode,
    notice: Annotated[int | None, typer.Option("--notice", metavar="NOTICE", min=1, max=LAST_ID, help="Only about this notice.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what the mailbox says: what came back, and what was found among what was sent; it helps to settle what is unsure."""
    from relance.models.finding import find_company
    from relance.models.reports import MailReport, told_report

    found = find_company(company)
    kept = MailReport.objects.filter(company=found).defer("compressed").order_by("-at", "-pk")
    told = [told_report(report) for report in (kept.filter(notice=notice) if notice else kept)]
    if as_json:
        print_json({"reports": told})
        return
    words = speech_of(found.language)
    heads = [words(head) for head in ("No.", "Notice", "State", "Recipients", "Reason")]
    rows = [
        (
            str(one["id"]),
            str(one["notice"] or ""),
            words(one["kind"]),
            ", ".join(one["recipients"]),
            f"{one['status']} {one['text']}".strip(),
        )
        for one in told
    ]
    if rows:
        show_table(heads, rows, cut=[words("Reason")])
    else:
        show(words("Nothing has come back."))


def seen_to(
    report: Annotated[int, typer.Argument(metavar="REPORT", min=1, max=LAST_ID, help="The bounce that somebody has seen to.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Note that somebody has seen to a bounce: its task is done, and its address is not marked any more."""
    from relance.cli.correcting import show_changed
    from relance.steps.reading_mailbox import see_to

    see_to(report, user())
    changed = {"document": None, "no": None, "what": "dealt_by", "before": None, "after": user()}
    show_changed([changed], terminal_speech(), as_json=as_json)
