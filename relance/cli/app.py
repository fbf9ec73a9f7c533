"""Which commands are there? Each is one function, by the family of its screen; none imports Django before it runs."""

from typing import Annotated

import typer

from relance import __version__
from relance.cli import (
    carrying,
    correcting,
    demonstrating,
    enclosing,
    following,
    holding,
    importing,
    lists,
    looking,
    mailbox,
    matching,
    messaging,
    noting,
    previewing,
    proving,
    receiving,
    reminding,
    running,
    serving,
    templating,
    tokens,
    undoing,
    users,
    webhooks,
    working,
    writing,
)
from relance.cli.verb import Verb, Verbs

DAILY, LOOKING, CORRECTING, CARRYING = "Dunning", "Looking", "Correcting by hand", "In and out"
ALONE, SERVING = "By itself", "In the browser"
FOLLOWING = "Following up arrears"

app = typer.Typer(
    cls=Verbs,
    help="Relance gets a company's overdue invoices paid: it reminds customers level by level, and remembers every word of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

schedule = typer.Typer(cls=Verbs, help="Automatic runs: set up, looked at, launched.", no_args_is_help=True)
templates = typer.Typer(cls=Verbs, help="Keep letter templates made in Word or Writer.", no_args_is_help=True)
people = typer.Typer(cls=Verbs, help="Say who may sign in, and as what.", no_args_is_help=True)
programs = typer.Typer(cls=Verbs, help="Say which programs may use the API, and as what.", no_args_is_help=True)
hooks = typer.Typer(cls=Verbs, help="Say which other systems hear what happens.", no_args_is_help=True)
mail_server = typer.Typer(cls=Verbs, help="Set up and try the mail server of a company.", no_args_is_help=True)
returned = typer.Typer(cls=Verbs, help="Read what came back of what was sent.", no_args_is_help=True)
imports = typer.Typer(cls=Verbs, help="Bring receivables in from a file of other software.", no_args_is_help=True)


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"relance {__version__}")
        raise typer.Exit


@app.callback()
def relance(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda asked: _version(asked=asked), is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


app.command(cls=Verb, rich_help_panel=DAILY)(running.batch)
app.command(cls=Verb, rich_help_panel=DAILY)(running.edition)
app.command(cls=Verb, rich_help_panel=DAILY)(reminding.remind)
app.command("print", cls=Verb, rich_help_panel=DAILY)(running.print_letters)
app.command(cls=Verb, rich_help_panel=DAILY)(reminding.drafts)
app.command(cls=Verb, rich_help_panel=DAILY)(enclosing.reprint)
app.command(cls=Verb, rich_help_panel=DAILY)(running.cancel)
app.command(cls=Verb, rich_help_panel=DAILY)(running.settle)

app.command(cls=Verb, rich_help_panel=LOOKING)(looking.aged)
app.command(cls=Verb, rich_help_panel=LOOKING)(looking.explain)
app.command(cls=Verb, rich_help_panel=LOOKING)(looking.calendar)
app.command(cls=Verb, rich_help_panel=LOOKING)(looking.recipients)
app.command(cls=Verb, rich_help_panel=LOOKING)(looking.interest)
app.command(cls=Verb, rich_help_panel=LOOKING)(previewing.preview)
app.command(cls=Verb, rich_help_panel=LOOKING)(following.history)
app.command(cls=Verb, rich_help_panel=LOOKING)(enclosing.attachments)

app.command(cls=Verb, rich_help_panel=ALONE)(working.worker)
app.add_typer(schedule, name="schedule", rich_help_panel=ALONE)
schedule.command("set", cls=Verb)(working.set_up)
schedule.command("list", cls=Verb)(working.list_batches)
schedule.command("show", cls=Verb)(working.show_batch)
schedule.command(cls=Verb)(working.launch)
schedule.command(cls=Verb)(working.pause)
schedule.command(cls=Verb)(working.resume)
schedule.command(cls=Verb)(working.remove)

app.add_typer(mail_server, name="messaging", rich_help_panel=ALONE)
mail_server.command("show", cls=Verb)(messaging.show_messaging)
mail_server.command("set", cls=Verb)(messaging.set_messaging)
mail_server.command("secret", cls=Verb)(messaging.set_secret)
mail_server.command("test", cls=Verb)(messaging.try_messaging)
mail_server.command("sign-in", cls=Verb)(messaging.sign_in)
mail_server.command("signing-key", cls=Verb)(messaging.signing_key)

app.add_typer(returned, name="mailbox", rich_help_panel=ALONE)
returned.command(cls=Verb)(mailbox.read)
returned.command(cls=Verb)(mailbox.reports)
returned.command("seen-to", cls=Verb)(mailbox.seen_to)

app.command("set-level", cls=Verb, rich_help_panel=CORRECTING)(correcting.set_level)
app.command(cls=Verb, rich_help_panel=CORRECTING)(correcting.block)
app.command(cls=Verb, rich_help_panel=CORRECTING)(correcting.unblock)

app.command(cls=Verb, rich_help_panel=CORRECTING)(matching.match)
app.command(cls=Verb, rich_help_panel=CORRECTING)(holding.hold)
app.command(cls=Verb, rich_help_panel=CORRECTING)(holding.release)
app.command(cls=Verb, rich_help_panel=CORRECTING)(holding.insolvency)
app.command(cls=Verb, rich_help_panel=CORRECTING)(holding.switch)

app.command(cls=Verb, rich_help_panel=FOLLOWING)(following.arrears)
app.command(cls=Verb, rich_help_panel=FOLLOWING)(noting.follow)
app.command(cls=Verb, rich_help_panel=FOLLOWING)(noting.call)
app.command(cls=Verb, rich_help_panel=FOLLOWING)(following.promises)
app.command(cls=Verb, rich_help_panel=FOLLOWING)(writing.write)
app.command(cls=Verb, rich_help_panel=FOLLOWING)(writing.mail)
app.command(cls=Verb, rich_help_panel=FOLLOWING)(writing.statement)
app.command("court-file", cls=Verb, rich_help_panel=FOLLOWING)(proving.court_file)

app.command(cls=Verb, rich_help_panel=SERVING)(serving.serve)
app.add_typer(people, name="user", rich_help_panel=SERVING)
people.command("add", cls=Verb)(users.add)
people.command("list", cls=Verb)(users.list_users)
people.command("remove", cls=Verb)(users.remove)
app.add_typer(programs, name="token", rich_help_panel=SERVING)
programs.command("add", cls=Verb)(tokens.add)
programs.command("list", cls=Verb)(tokens.list_tokens)
programs.command("revoke", cls=Verb)(tokens.revoke)
app.add_typer(hooks, name="webhook", rich_help_panel=SERVING)
hooks.command("set", cls=Verb)(webhooks.set_up)
hooks.command("secret", cls=Verb)(webhooks.secret)
hooks.command("list", cls=Verb)(webhooks.list_webhooks)
hooks.command("replay", cls=Verb)(webhooks.replay)
hooks.command("remove", cls=Verb)(webhooks.remove)

app.command(cls=Verb, rich_help_panel=CARRYING)(demonstrating.demo)
app.command(cls=Verb, rich_help_panel=CARRYING)(carrying.load)
app.command(cls=Verb, rich_help_panel=CARRYING)(carrying.dump)
app.command(cls=Verb, rich_help_panel=CARRYING)(enclosing.attach)
app.command(cls=Verb, rich_help_panel=CARRYING)(enclosing.detach)
app.add_typer(imports, name="import", rich_help_panel=CARRYING)
imports.command("fec", cls=Verb)(importing.fec)
imports.command("items", cls=Verb)(importing.items)
imports.command("einvoice", cls=Verb)(importing.einvoice)
imports.command("customers", cls=Verb)(lists.customers)
imports.command("contacts", cls=Verb)(lists.contacts)
imports.command("payments", cls=Verb)(lists.payments)
imports.command("auto", cls=Verb)(receiving.auto)
imports.command("undo", cls=Verb)(undoing.undo)
imports.command("bank", cls=Verb)(importing.bank)
app.add_typer(templates, name="template", rich_help_panel=CARRYING)
templates.command("add", cls=Verb)(templating.add)
templates.command("list", cls=Verb)(templating.list_templates)
templates.command("show", cls=Verb)(templating.show_template)
templates.command("preview", cls=Verb)(templating.preview)
templates.command("remove", cls=Verb)(templating.remove)
templates.command("sample", cls=Verb)(templating.sample)
