"""What do readers of files and mail channels say? Each sentence as they write it; ``sentences.py`` tells it anew."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    # of a cell
    _("not a date: %(text)s"),
    _("not a date (AAAAMMJJ): %(text)s"),
    _("no date"),
    _("a date of another century: %(text)s"),
    _("a date of another century (AAAAMMJJ): %(text)s"),
    _("no such day in the calendar: %(text)s"),
    _("no such day in the calendar, as the other dates are written: %(text)s"),
    _("neither a date nor a due date"),
    _("not an amount: %(text)s"),
    _("not an amount as the others are written: %(text)s"),
    _("thousands or decimals? An amount with a point needs two decimals: %(text)s"),
    _("an amount with more than two decimals: %(text)s"),
    _("an amount with too many decimals for %(currency)s: %(text)s"),
    _("an amount of more than %(most)s digits: %(text)s"),
    _("neither D nor C: %(text)s"),
    _("not a currency: %(text)s"),
    _("no customer"),
    _("no document number"),
    _("more than %(most)s letters: %(text)s"),
    _("not an account number: %(text)s"),
    _("no account number"),
    _("%(found)s columns, where the first line has %(width)s"),
    _("%(found)s columns, where the first line has %(width)s (a label with the separator in it?)"),
    # of a whole file
    _("the file is empty"),
    _("the workbook is empty"),
    _("this is a PDF; a table is read from CSV, XLSX or ODS"),
    _(
        "this is a workbook of an old format, or one locked with a password: save it as XLSX without a password; "
        "a table is read from CSV, XLSX or ODS"
    ),
    _("this is a GZIP archive; a table is read from CSV, XLSX or ODS"),
    _("this is a web page or an XML file; a table is read from CSV, XLSX or ODS"),
    _("this file is written in UTF-16: save it as UTF-8"),
    _("this is a binary file (it holds zero bytes), not a text file"),
    _("this file is damaged: it is no ZIP archive that can be opened"),
    _("this workbook holds macros: save it as XLSX without them"),
    _("this is a ZIP archive, not a workbook; a table is read from CSV, XLSX or ODS"),
    _("this workbook unpacks to far more than it weighs: it is not opened"),
    _("a quotation mark is opened and not closed before line %(line)s"),
    _("a quotation mark is opened and not closed"),
    _("the columns are wrapped in quotes: export without a text delimiter"),
    _("the first line lacks %(columns)s"),
    _("no row among the first %(most)s names columns: customer, document number, due date, amount"),
    _("no column was recognised as %(what)s; say which one it is"),
    _("a list of %(last)s has been taken over already; one of %(this)s would bring back what was paid since"),
    _("this very file was taken over before, and a newer list since: it would bring back what was paid in between"),
    _("%(place)s: this is the dossier of company %(its)s, not of %(this)s"),
    # of a mail channel
    _("the mail server %(server)s cannot be reached: %(why)s"),
    _("the mail server %(server)s does not accept the user name or password (%(code)s)"),
    _("the mail server %(server)s does not let us in: %(why)s"),
    _("the mail server %(server)s offers no encryption, so the password is not sent (?starttls=0 sends it all the same)"),
    _("the connection to %(server)s was lost before the end of the message: %(why)s"),
    _("the mail folder %(folder)s cannot be made: %(why)s"),
    _("the mail folder %(folder)s cannot be written: %(why)s"),
    # what is only worth saying
    _("dates were read with the month first"),
    _("columns not used: %(columns)s"),
    _('only the sheet "%(sheet)s" was read, not %(others)s'),
    _("%(n)s repeated heads passed over"),
    _("%(n)s rows of totals passed over"),
    _("an item that another source booked stays as it is: %(n)s times"),
    _('there is no payment method "%(name)s": %(n)s times'),
    _('there is no sales rep "%(name)s": %(n)s times'),
    _("Idevise: 1 line in another currency: the euros of the ledger are taken"),
    _("Idevise: %(n)s lines in another currency: the euros of the ledger are taken"),
    _("account %(account)s: 1 line left out: no customer's or supplier's debt stands there"),
    _("account %(account)s: %(n)s lines left out: no customer's or supplier's debt stands there"),
    _("there is no line on an account of customers (411) or suppliers (401)"),
    _(
        "the file of %(begins)s to %(ends)s: was imported before this one, which is older: "
        "import it again, or what it carried over may count twice"
    ),
    _("read as %(alphabet)s: it reads as French in no alphabet known here"),
    _("read as %(alphabet)s: only %(n)s letters beyond ASCII to judge by"),
    _("read as %(alphabet)s: only 1 letter beyond ASCII to judge by"),
    _("read as %(alphabet)s: it could be %(others)s"),
    _("this is %(kind)s: a FEC is a text file, one line for each line of an entry"),
    _("the first line does not name the columns of a FEC (JournalCode, EcritureNum, EcritureDate, CompteNum …)"),
    _("a line of more than a megabyte: this is no table in a text file"),
    _("a column cannot be %(column)s; it can be: %(columns)s"),
    _('there is no sheet "%(sheet)s"; there are: %(others)s'),
    _("this workbook cannot be read: %(why)s"),
    _("… and %(n)s more"),
    # of a mail channel that is set up wrongly
    _("the user name or password for %(server)s cannot be told to the server: only ASCII can"),
    _("the answer of %(server)s to the end of the message was not heard: %(why)s"),
    _("RELANCE_EMAIL_URL: not the address of a channel; there are %(channels)s"),
    _(
        "RELANCE_EMAIL_URL: after the ? may stand starttls=1, connections=8, per_minute=300 and timeout=30, joined by &; "
        "signs such as / # @ in a password are written %(signs)s"
    ),
    _("RELANCE_EMAIL_URL: a folder is written file:///path/of/the/folder"),
    _(
        "RELANCE_EMAIL_URL: a mail server is written %(scheme)s://user:password@host:port, "
        "signs such as / # @ in a password as %(signs)s, and perhaps ?starttls=1"
    ),
)
_LISTED = (  # what the sentences list
    _("the customer's code or name"),
    _("the document's number"),
    _("a date or a due date"),
    _("an amount"),
)
