"""Which words do tables use? French or English: the company's language, else that of the terminal. The keys are the English words."""

import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FRENCH = {
    # heads of columns
    "Option": "Option",
    "{kept} new reports, {bounced} notices bounced, {confirmed} drafts confirmed": (
        "{kept} nouveaux rapports, {bounced} avis non distribués, {confirmed} brouillons confirmés"
    ),
    "Nothing has come back.": "Rien n’est revenu.",
    "delayed": "retardé",
    "delivered": "distribué",
    "auto_reply": "réponse automatique",
    "in_sent": "trouvé dans les envoyés",
    "resembles": "semblable envoyé",
    "{number} drafts put into the mailbox": "{number} brouillons déposés dans la boîte",
    "Value": "Valeur",
    "This installation puts mail into a folder: nothing leaves.": "Cette installation range les mails dans un dossier : rien ne part.",
    "Account": "Compte",
    "After": "Après",
    "Age": "Âge",
    "Amount": "Montant",
    "Bytes": "Octets",
    "Before": "Avant",
    "By": "Par",
    "Channel": "Canal",
    "Comment": "Commentaire",
    "Confidence": "Confiance",
    "Changed": "Modifiés",
    "Created": "Créés",
    "Gone": "Disparus",
    "Currency": "Devise",
    "Customer": "Client",
    "Date": "Date",
    "Days": "Jours",
    "Days late": "Retard",
    "Decision": "Décision",
    "Document": "Pièce",
    "Due items": "Échéances",
    "Due on": "Échéance",
    "E-mail": "Adresse e-mail",
    "File": "Fichier",
    "Format": "Format",
    "From": "Du",
    "How many": "Nombre",
    "Interest": "Intérêts",
    "Key": "Clé",
    "Label": "Libellé",
    "Last reminded": "Relancé le",
    "Letters": "Courriers",
    "Line": "Ligne",
    "Level": "Niveau",
    "Name": "Nom",
    "Next reminder": "Prochaine relance",
    "No.": "N°",
    "Notice": "Avis",
    "Open": "Reste dû",
    "May be for": "Peut régler",
    "Payer": "Payeur",
    "Says": "Libellé",
    "Rate": "Taux",
    "Reason": "Motif",
    "Recipients": "Destinataires",
    "Roles": "Fonctions",
    "Run": "Exécution",
    "State": "État",
    "Status": "Statut",
    "Template": "Modèle",
    "To": "Au",
    "Total": "Total",
    "Unchanged": "Inchangés",
    "Updated": "Modifiés",
    "Used for": "Utilisé pour",
    "Version": "Version",
    "What": "Quoi",
    "New": "Nouvelle",
    "Changed by list": "Modifiée",
    "Settled": "Soldée",
    "Kept": "Inchangée",
    "… and {number} more": "… et {number} de plus",
    # titles and sentences
    "Aged balance on {day}, by invoice date": "Balance âgée au {day}, par date de facture",
    "Aged balance on {day}, by due date": "Balance âgée au {day}, par date d'échéance",
    "Contacts": "Contacts",
    "Events": "Événements",
    "Fixed indemnity for recovery costs": "Indemnité forfaitaire de recouvrement",
    "Late-payment interest on {document}": "Pénalités de retard sur {document}",
    "Left out": "Laissées de côté",
    "Letter edition of {day}, issued": "Édition des relances du {day}, définitive",
    "Letter edition of {day}, nothing stored": "Édition des relances du {day}, sans enregistrement",
    "Notices": "Relances",
    "Go on with:": "Pour continuer :",
    "1 letter waits to be printed:": "1 courrier attend d'être imprimé :",
    "{number} letters wait to be printed:": "{number} courriers attendent d'être imprimés :",
    "Nothing is open.": "Aucun compte n'est ouvert.",
    "Nothing had to be changed.": "Rien n'était à changer.",
    "Nobody is to be reminded.": "Personne n'est à relancer.",
    "No interest is owed.": "Aucune pénalité n'est due.",
    "No invoice goes with a notice.": "Aucune facture n'est jointe à une relance.",
    "Nothing was written or done yet.": "Rien n'a encore été écrit ni fait.",
    "No template was uploaded.": "Aucun modèle n'a été déposé.",
    "Open due items": "Échéances ouvertes",
    "Template {name}, version {number}": "Modèle {name}, version {number}",
    "Template {name} is no longer chosen": "Le modèle {name} n'est plus proposé",
    "{file} written: change it, then relance template add": "{file} est écrit : modifiez-le, puis relance template add",
    "level {level}": "niveau {level}",
    "customer {code}": "client {code}",
    "type {code}": "type {code}",
    "on request": "à la demande",
    "Reminders by hand of {day}, issued": "Relances manuelles du {day}",
    "Reminders by hand of {day}, nothing stored": "Relances manuelles du {day}, simulation",
    "When a draft has been sent:": "Quand un brouillon a été envoyé :",
    "The call is noted.": "L'appel est noté.",
    "The claim must be declared by {day}.": "La créance est à déclarer au plus tard le {day}.",
    "insolvent, claim to be declared by {day}": "en procédure collective, créance à déclarer au plus tard le {day}",
    "on hold from {day}": "en suspens depuis le {day}",
    " to {day}": " jusqu'au {day}",
    "Promised for": "Promis pour le",
    "Promised amount": "Montant promis",
    "Promise": "Promesse",
    "everything": "tout",
    "pending": "en cours",
    "kept": "tenue",
    "broken": "non tenue",
    "Nothing was promised.": "Rien n'a été promis.",
    "Step": "Étape",
    "Mail to {address} came back: {said}": "Un mail à {address} est revenu : {said}",
    "Copies to {addresses}": "Copies à {addresses}",
    "{document}: who is written to": "{document} : qui reçoit le mail",
    "Nobody to write to.": "Personne à qui écrire.",
    "dunning_contacts": "contacts destinataires des relances",
    "document_recipients": "destinataires de la pièce",
    "invoice_contacts": "contacts destinataires des factures",
    "site_address": "adresse du site de facturation",
    "Mail": "Mail",
    "Mails": "Mails du suivi",
    "Subject": "Objet",
    "mail_sent": "mail du suivi envoyé",
    "mail_failed": "mail du suivi en échec",
    "mail_unsure": "mail du suivi incertain",
    "No due item is concerned.": "Aucune échéance n'est concernée.",
    "Nothing is changed yet": "Rien n'est encore modifié",
    "1 draft written": "1 brouillon enregistré",
    "{number} drafts written": "{number} brouillons enregistrés",
    "Automatic run of {day}, issued": "Relances automatiques du {day}",
    "Automatic run of {day}, nothing stored": "Relances automatiques du {day}, simulation",
    "The {days} days after {day}": "Les {days} jours à compter du {day}",
    "Run {run}": "Exécution {run}",
    "{number} notices": "{number} relances",
    "1 notice": "1 relance",
    "reminded at level {level}": "relancée au niveau {level}",
    "{document} on {day}": "{document} au {day}",
    "customer {code}, level {level}": "client {code}, niveau {level}",
    "last reminded on {day}": "relancé le {day}",
    "dunning off": "relances désactivées",
    "letter": "courrier",
    "email": "e-mail",
    "draft": "brouillon",
    "yes": "oui",
    "no": "non",
    # batches
    "Batch": "Batch",
    "Begun": "Début",
    "Company": "Société",
    "For": "Pour",
    "Last launch": "Dernier lancement",
    "Next": "Prochain",
    "Schedule": "Planning",
    "Seconds": "Secondes",
    "There is no batch.": "Il n'y a aucun batch.",
    "all companies": "toutes les sociétés",
    "by hand": "à la main",
    "late": "en retard",
    "paused": "suspendu",
    "working days": "jours ouvrés",
    "Mon": "lun.",
    "Tue": "mar.",
    "Wed": "mer.",
    "Thu": "jeu.",
    "Fri": "ven.",
    "Sat": "sam.",
    "Sun": "dim.",
    "deciding": "en cours",
    "sending": "en cours d'envoi",
    "done": "terminé",
    "refused": "refusé",
    "broken_off": "interrompu",
    "batch_set": "batch paramétré",
    "batch_paused": "batch suspendu",
    "batch_resumed": "batch repris",
    "batch_removed": "batch supprimé",
    "batch_launched": "batch lancé",
    "batch_ended": "batch terminé",
    "batch_late": "batch en retard",
    "removed": "supprimé",
    "asked_by": "demandé par",
    # columns of the aged balance
    "not_due": "Non échu",
    # roles
    "decision_maker": "décideur",
    "main": "principal",
    "financial": "financier",
    # statuses of a notice
    "proposed": "proposée",
    "queued": "en attente",
    "drafted": "brouillon",
    "sent": "envoyée",
    "printed": "imprimée",
    "failed": "échec",
    "bounced": "retournée",
    "unsure": "incertaine",
    "withdrawn": "retirée",
    "cancelled": "annulée",
    # PDFs of invoices
    "enclosed": "jointe",
    "missing": "manquante",
    "too_large": "trop volumineuse",
    "original": "original",
    "duplicate": "duplicata",
    "extract": "duplicata établi par Relance",
    "pdf_attached": "PDF joint à la pièce",
    "pdf_detached": "PDF retiré de la pièce",
    # what changes
    "level": "niveau",
    "last_dunned_on": "relancé le",
    "comment": "commentaire",
    "expected_on": "règlement attendu le",
    "promised_on": "promis pour le",
    "promised_amount": "montant promis",
    "promise_made_on": "promis le",
    "status": "statut",
    "no_auto_dunning": "relance automatique bloquée",
    "no_manual_dunning": "relance manuelle bloquée",
    "no_dunning_temporary": "relance bloquée temporairement",
    "no_auto_dunning_until": "relance automatique bloquée jusqu'au",
    "no_manual_dunning_until": "relance manuelle bloquée jusqu'au",
    "block_reason": "nature du blocage",
    "block_comment": "motif du blocage",
    "held_from": "en suspens depuis le",
    "held_until": "en suspens jusqu'au",
    "hold_reason": "nature de la suspension",
    "hold_comment": "motif de la suspension",
    "insolvent_on": "procédure collective publiée le",
    "dunning_enabled": "relances",
    "manual_dunning": "relance manuelle",
    "auto_dunning": "relance automatique",
    "dispute": "litige",
    "instalments": "échéancier",
    "request": "à la demande du client",
    "check": "vérification interne",
    "other": "autre",
    "payment_method": "mode de règlement",
    "notice_status": "statut de la relance",
    "einvoice_status": "statut de la facture",
    "paid_elsewhere": "réglée à un autre",
    "payee_name": "bénéficiaire",
    "payee_iban": "compte du bénéficiaire",
    "due_date": "échéance",
    "open": "reste dû",
    "document_changed": "pièce complétée",
    # what happened
    "blocked": "blocage",
    "unblocked": "déblocage",
    "level_set": "niveau corrigé",
    "followed_up": "suivi",
    "called": "appel",
    "customer_held": "client suspendu ou repris",
    "customer_edited": "conditions du client modifiées",
    "contact_added": "contact ajouté",
    "contact_edited": "contact modifié",
    "site_edited": "site modifié",
    "email_identity": "adresse personnelle",
    "email_at_customer": "adresse chez le client",
    "left_on": "parti le",
    "policy": "politique",
    "payment_terms": "conditions de règlement",
    "contact": "contact",
    "note": "note",
    "reached": "joint",
    "no_answer": "sans réponse",
    "message_left": "message laissé",
    "promised": "promesse",
    "disputed": "contestation",
    "wrong_number": "mauvais numéro",
    "notice_sent": "relance envoyée",
    "notice_printed": "relance imprimée",
    "notice_failed": "relance en échec",
    "notice_unsure": "relance incertaine",
    "notice_withdrawn": "relance retirée",
    "notice_cancelled": "relance annulée",
    "template_added": "modèle déposé",
    "template_removed": "modèle retiré",
    "template_used_for": "modèle attribué",
    "run_done": "exécution terminée",
    "run_broken_off": "exécution interrompue",
    "run_cancelled": "exécution annulée",
    "customer_level_reset": "client revenu au niveau 0",
    "payment_method_set": "mode de règlement remplacé",
    # what is told of it
    "as_of": "au",
    "before": "avant",
    "kind": "type",
    "number": "numéro",
    "outcome": "réponse",
    "problem": "incident",
    "reason": "motif",
    "run": "exécution",
    "edition": "édition",
    "batch": "automatique",
    "manual": "manuelle",
    # nouns of a dossier
    "levels": "niveaux",
    "policies": "politiques",
    "payment_methods": "modes de règlement",
    "statuses": "statuts",
    "collaborators": "collaborateurs",
    "customers": "clients",
    "sites": "sites",
    "contacts": "contacts",
    "suppliers": "fournisseurs",
    "documents": "pièces",
    "attachments": "PDF de factures",
    "due_items": "échéances",
    "payments": "règlements",
    "allocations": "lettrages",
    "templates": "modèles de courrier",
    "template_versions": "versions de modèles",
    # matching
    "allocated: {certain}, left on account: {on_account}, booked before: {booked}, waiting: {waiting}": (
        "affectés : {certain}, en acompte : {on_account}, déjà comptabilisés : {booked}, à pointer : {waiting}"
    ),
    "nothing waits to be matched": "rien n’est à pointer",
    "on account": "en acompte",
    "certain": "certain",
    "high": "forte",
    "medium": "moyenne",
    "low": "faible",
    "matched: {made}, undone: {undone}": "pointés : {made}, annulés : {undone}",
    "bank_entries": "mouvements bancaires",
    "bank_accounts": "comptes bancaires",
    "matches": "pointages",
}
_REASONS = {  # why a due item is left out: in English, in French
    "not_an_invoice": ("credit note or payment on account", "avoir ou acompte"),
    "payment_method": ("payment method that is never dunned", "mode de règlement non relançable"),
    "customer_dunning_disabled": ("the customer is never dunned", "client exclu des relances"),
    "insolvent": ("the customer is insolvent", "client en procédure collective"),
    "not_selected": ("not taken by the filters", "hors de la sélection"),
    "customer_mode_off": ("switched off for this customer", "mode de relance désactivé chez ce client"),
    "customer_on_hold": ("the customer is on hold", "client en suspens"),
    "blocked": ("blocked", "relance bloquée"),
    "blocked_temporarily": ("blocked until the next run", "bloquée jusqu'à la prochaine exécution"),
    "disputed": ("disputed", "en litige"),
    "promised": ("payment promised", "règlement promis"),
    "level_na": ("level NA: excluded", "niveau NA : exclue"),
    "in_flight": ("on a notice that is under way", "déjà sur une relance en cours"),
    "not_due": ("not yet due", "non échue"),
    "no_level_applies": ("no level applies on this date", "aucun niveau ne s'applique à cette date"),
    "already_at_level": ("already at this level", "déjà à ce niveau"),
    "too_soon": ("reminded too short a time ago", "relancée trop récemment"),
    "not_automatic": ("level that only people issue", "niveau réservé à l'émission manuelle"),
    "below_minimum": ("below the minimum of the company", "inférieure au minimum de la société"),
    "creditor_customer": ("the customer has nothing to pay on balance", "client créditeur ou soldé"),
    "payment_to_match": ("a payment that may settle it is not matched yet", "règlement à lettrer qui peut la solder"),
    "no_recipient": ("nobody to write to", "aucun destinataire"),
    "below_run_minimum": ("below the minimum of this edition", "inférieure au minimum de cette édition"),
    "settled": ("settled", "soldée"),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: its words, and how it writes amounts and dates."""

    language: str

    def __call__(self, words: str, **filled: object) -> str:
        """The words in this language, with what they speak of; words it has not are given back, without their underlines."""
        said = _FRENCH.get(words, words) if self.language == "fr" else words
        return said.format(**filled) if filled else said.replace("_", " ")

    def reason(self, code: str) -> str:
        """Why a due item is left out."""
        english, french = _REASONS[code]
        return french if self.language == "fr" else english

    def figure(self, amount: int | str, currency: str) -> str:
        """An amount, in minor units or as answers write it, without its currency: ``1 234,50``."""
        from relance.core import money
        from relance.letters.formats import number

        return number(money.parse(amount, currency) if isinstance(amount, str) else amount, currency, self.language)

    def amount(self, amount: int | str, currency: str) -> str:
        """An amount with its currency."""
        from relance.core import money
        from relance.letters import formats

        return formats.amount(money.parse(amount, currency) if isinstance(amount, str) else amount, currency, self.language)

    def day(self, on: date | str | None) -> str:
        """A date, or its ISO form, in figures."""
        from relance.letters.formats import day

        return day(str(on), self.language) if on else ""

    def value(self, value: Any) -> str:
        """What stood in a field, or stands there now."""
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return self.day(value)
        if self.language == "fr" and isinstance(value, str):
            return _FRENCH.get(value, value)
        return "" if value is None else str(value)

    def instant(self, at: str) -> str:
        """When something happened, to the minute, by the clock on the wall; ``at`` is ISO with its offset."""
        from django.utils.timezone import localtime

        on_the_wall = localtime(datetime.fromisoformat(at))
        return f"{self.day(on_the_wall.date())} {on_the_wall:%H:%M}"

    def rate(self, hundredths: int) -> str:
        """A yearly rate in percent."""
        return f"{self.figure(hundredths, 'EUR')} %"


def terminal_speech() -> Speech:
    """The language that the terminal asks for, French or English."""
    asked = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Speech("fr" if asked.startswith("fr") else "en")


def speech_of(language: str) -> Speech:
    """The speech of a company: French or English."""
    return Speech("fr" if language == "fr" else "en")
