"""What do the letters of the demo say, level by level, in French and in English?

Each text has a subject, a header and a footer; the placeholders are the letters' own.
"""

from typing import NamedTuple


class Text(NamedTuple):
    """The words of one level in one language."""

    subject: str
    header: str
    footer: str


FIRST_FR = Text(
    "Votre compte chez {company} : rappel de paiement ({documents})",
    """\
Madame, Monsieur,

Sauf erreur ou omission de notre part, le règlement des factures dont vous trouverez le détail ci-dessous ne nous est pas encore \
parvenu. Leur montant s’élève à {total}, la plus ancienne étant échue depuis le {oldest_due_date}.

Il s’agit sans doute d’un oubli : nous vous remercions de bien vouloir y remédier.""",
    """\
Si votre règlement s’est croisé avec ce message, nous vous prions de ne pas en tenir compte. Si l’une de ces factures appelle une \
remarque de votre part, répondez-nous simplement, ou appelez Sandrine Malavoy au 02 61 91 12 08.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.

Le service comptable
{company}""",
)

FIRST_EN = Text(
    "Your account with {company}: payment reminder ({documents})",
    """\
Dear Sir or Madam,

Our records show that the invoices listed below have not been paid yet. They amount to {total}; the oldest fell due on \
{oldest_due_date}.

This is most likely an oversight, and we would be grateful if you could arrange payment.""",
    """\
If your payment has crossed this message, please disregard it. If there is anything amiss with one of these invoices, just reply, or \
call Fiona Waldron on +33 2 61 91 12 14.

Yours faithfully,

The accounts department
{company}""",
)

SECOND_FR = Text(
    "Deuxième rappel : {total} restant dus à {company}",
    """\
Madame, Monsieur,

À ce jour, et sauf erreur, nous restons sans règlement de votre part pour les factures détaillées ci-dessous, dont la plus ancienne est \
échue depuis le {oldest_due_date}. Elles s’élèvent à {total}.

Nous vous demandons de nous faire parvenir cette somme au plus tard le {deadline}.""",
    """\
Nous vous rappelons que, entre professionnels, tout retard de paiement rend exigibles de plein droit des pénalités de retard et une \
indemnité forfaitaire pour frais de recouvrement de 40 € par facture (articles L. 441-10 et D. 441-5 du Code de commerce).

Si vous rencontrez une difficulté passagère, appelez-nous au 02 61 91 12 08 : nous conviendrons avec vous d’un échéancier.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.

Sandrine Malavoy, comptabilité clients
{company}""",
)

SECOND_EN = Text(
    "Second reminder: {total} outstanding with {company}",
    """\
Dear Sir or Madam,

According to our books, the invoices listed below remain unpaid; the oldest fell due on {oldest_due_date}. They amount to {total} today.

Please let us have this sum by {deadline} at the latest.""",
    """\
May we recall that between businesses, late payment entitles us by law to interest and to a fixed sum for recovery costs on each \
invoice.

If you are facing a temporary difficulty, please call us on +33 2 61 91 12 14: we shall gladly agree on a payment plan.

Yours faithfully,

Sandrine Malavoy, accounts receivable
{company}""",
)

FORMAL_FR = Text(
    "MISE EN DEMEURE DE PAYER",
    """\
Lettre recommandée avec demande d’avis de réception

Madame, Monsieur,

Nos rappels, dont le dernier vous a été adressé le {previous_date?}, sont restés sans effet.

À la date du {date}, vous demeurez redevable envers nous de {total} au titre des factures détaillées ci-dessous, la plus ancienne \
étant échue depuis le {oldest_due_date}.

En conséquence, nous vous mettons en demeure, au sens de l’article 1344 du Code civil, de nous régler cette somme au plus tard le \
{deadline}. Les pénalités de retard et l’indemnité forfaitaire pour frais de recouvrement, lorsqu’elles sont dues, sont détaillées \
à part et s’y ajoutent.""",
    """\
À défaut de règlement dans ce délai, nous confierons le recouvrement de notre créance à un commissaire de justice ou saisirons le \
tribunal compétent d’une requête en injonction de payer, sans autre avis.

La présente lettre fait courir les intérêts de retard à compter de sa réception, pour les créances qui n’en portaient pas encore.

Veuillez agréer, Madame, Monsieur, nos salutations distinguées.

Honoré Aubrelle, gérant
{company}""",
)

FORMAL_EN = Text(
    "FINAL DEMAND FOR PAYMENT",
    """\
Registered letter with acknowledgement of receipt

Dear Sir or Madam,

Our reminders, the last of which was sent on {previous_date?}, have remained without effect.

On {date} you still owe us {total} for the invoices listed below, the oldest of which fell due on {oldest_due_date}.

We hereby give you formal notice to pay this sum by {deadline} at the latest. Interest for late payment and the fixed compensation for \
recovery costs, where they are owed, are set out separately and come on top.""",
    """\
Failing payment by that date, we shall start recovery proceedings without further notice. All our rights are reserved.

Yours faithfully,

Honoré Aubrelle, managing director
{company}""",
)

UPCOMING_FR = Text(
    "Prochaine échéance : {documents}",
    """\
Madame, Monsieur,

Nous nous permettons de vous rappeler les échéances ci-dessous, pour un montant de {total}, la première étant fixée au \
{oldest_due_date}.

S’il vous manque une pièce (bon de commande, bon de livraison, duplicata) pour mettre ces factures en paiement, dites-le-nous dès à \
présent.""",
    """\
Avec nos remerciements pour votre confiance,

Ghislain Péron, grands comptes
02 61 91 12 10
{company}""",
)

UPCOMING_EN = Text(
    "Payment falling due: {documents}",
    """\
Dear Sir or Madam,

May we remind you of the payments listed below, {total} in all, the first of which falls due on {oldest_due_date}.

If you need a further document to release them for payment, please tell us now.""",
    """\
With our thanks for your business,

Ghislain Péron, key accounts
+33 2 61 91 12 10
{company}""",
)

LAST_FR = Text(
    "Dernier rappel avant mise en demeure : {total}",
    """\
Madame, Monsieur,

Au {date}, les factures ci-dessous restent impayées pour un montant de {total}, malgré nos échanges avec vos services.

Nous vous demandons de faire procéder à leur règlement avant le {deadline}, ou de nous indiquer par écrit ce qui s’y oppose.""",
    """\
Passé cette date, le dossier sera transmis à notre direction, et les livraisons en cours pourront être suspendues.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.

Ghislain Péron, grands comptes
{company}""",
)

LAST_EN = Text(
    "Last reminder before formal notice: {total}",
    """\
Dear Sir or Madam,

On {date} the invoices listed below remain unpaid, {total} in all, in spite of our exchanges with your departments.

Please have them paid before {deadline}, or let us know in writing what stands in the way.""",
    """\
After that date the matter will be referred to our management, and deliveries may be suspended.

Yours faithfully,

Ghislain Péron, key accounts
{company}""",
)

PUBLIC_FIRST_FR = Text(
    "Factures en attente de mandatement : {documents}",
    """\
Madame, Monsieur,

Les factures ci-dessous, déposées sur la plateforme de facturation, sont à ce jour en attente de règlement pour un montant de {total}.

Nous vous remercions de nous indiquer leur date de mandatement, ou la pièce qui manquerait à leur liquidation.""",
    """\
Veuillez agréer, Madame, Monsieur, nos salutations respectueuses.

Noémie Guichardot, administration des ventes
02 61 91 12 09
{company}""",
)

PUBLIC_SECOND_FR = Text(
    "Dépassement du délai global de paiement : {total}",
    """\
Madame, Monsieur,

Le délai global de paiement de trente jours est dépassé pour les factures ci-dessous, d’un montant de {total}. Les intérêts moratoires \
et l’indemnité forfaitaire courent de plein droit.

Nous vous saurions gré de faire procéder à leur mandatement avant le {deadline}.""",
    PUBLIC_FIRST_FR.footer,
)
