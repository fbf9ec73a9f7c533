"""Which sentences do mail servers, mailboxes and providers of tokens make us say? They are matched by ``sentences.py``."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _(
        "the mail server %(server)s takes no passwords any more (%(code)s): Microsoft 365 has switched basic authentication off, "
        "or SMTP AUTH is not allowed for this mailbox; sign in with OAuth2"
    ),
    _("the mail server %(server)s wants a password made for applications, or OAuth2 (%(code)s)"),
    _("the mail server %(server)s does not accept the token (%(code)s): may the application send for this mailbox?"),
    _("the mail server %(server)s takes no tokens (XOAUTH2)"),
    _("the mail server %(server)s does not let %(sender)s send: %(why)s"),
    _("the mail server %(server)s hung up when the sender was named: %(why)s"),
    _("no server has this name; is it spelt right?"),
    _("it does not speak TLS from the first byte on this port; perhaps STARTTLS, on port 587"),
    _("Connection refused"),
    _("timed out"),
    _("Network is unreachable"),
    _("No route to host"),
    _("Connection unexpectedly closed"),
    _("STARTTLS extension not supported by server."),
    _("SMTP AUTH extension not supported by server."),
    _("words that are not SMTP"),
    _("this company has no mail server of its own, and the installation names none: set one up in its messaging"),
    _("the messaging of %(company)s is not complete: %(keys)s"),
    _("no password is kept for %(user)s at %(server)s: give it in the messaging settings"),
    _("the secret %(name)s was kept under another secret key of the installation: give it anew"),
    _("%(server)s gives no token: %(words)s"),
    _("%(server)s cannot be asked for a token: %(why)s"),
    _("%(server)s gives no code to confirm"),
    _("tokens are asked for at an address that begins with https://"),
    _("the provider's answer holds no token"),
    _("nobody has signed in for this account yet: do it in the messaging settings"),
    _("the key of the service account cannot be read: give the whole JSON file"),
    _("there is no code to confirm: ask for one"),
    _("messages cannot be signed (DKIM): %(why)s"),
    _("not a private key in PEM without a password"),
    _("not an RSA key of 1024 bits or more"),
    _("longer than %(most)s characters"),
    _("the mailbox %(server)s does not accept the token"),
    _("the mailbox %(server)s does not accept the user name or password"),
    _("the mailbox %(server)s does not let us in: %(why)s"),
    _("the mailbox %(server)s %(word)s: %(why)s"),
    _("the mailbox has no folder of drafts: name it in the messaging settings"),
    _("%(company)s has no mailbox set up"),
    _("the DNS holds no TXT record %(record)s"),
    _("the TXT record %(record)s does not hold the other half of this key"),
    _("%(record)s cannot be asked for: %(words)s"),
    _("the key signs for %(domain)s, but mail is sent from %(sender)s"),
)
_OF_MAILBOXES = (  # what one of them does
    _("cannot be reached"),
    _("cannot be searched"),
    _("cannot be read"),
    _("does not open the folder"),
    _("does not tell its folders"),
    _("takes no draft"),
)
