"""What do the standing texts say in English? The law that they recall is that of the creditor's country: see ``texts.py``."""

from relance.letters.wording.text import Text, Wording

TEXTS = {
    "pre_due": Text(
        "Payments falling due soon",
        "Dear Sir or Madam,\n\nThis is a courtesy reminder that the amounts below, {total} in all, will fall due shortly.",
        "If an invoice has not reached you, or if you have any question about one, please let us know before its due date.\n\n"
        "Thank you for your business.\n\n"
        "Yours faithfully,",
    ),
    "first": Text(
        "Payment reminder",
        "Dear Sir or Madam,\n\n"
        "According to our records your account shows an overdue balance of {total}, as detailed below. This is probably an oversight.",
        "We would be grateful for your payment at your earliest convenience, or for a word if anything stands in its way.\n\n"
        "If you have already paid, please disregard this reminder.\n\n"
        "Yours faithfully,",
    ),
    "second": Text(
        "Further reminder – {total} outstanding",
        "Dear Sir or Madam,\n\n"
        "Despite our reminder of {previous_date} your account still shows an overdue balance of {total}, as detailed below. Please "
        "pay this amount by {deadline}.",
        "{law}\n\n"
        "If you are facing a difficulty, or if you dispute an invoice, please contact us before that date.\n\n"
        "If you have already paid, please disregard this reminder.\n\n"
        "Yours faithfully,",
    ),
    "final": Text(
        "FINAL DEMAND – FORMAL NOTICE TO PAY",
        "Dear Sir or Madam,\n\n"
        "Despite our reminder of {previous_date} the sum of {total}, as detailed below, remains unpaid.\n\n"
        "We hereby give you formal notice{basis} to pay it no later than {deadline}.",
        "{law}\n\n"
        "Failing payment by that date we reserve the right to recover the debt through the courts without further notice. If you "
        "dispute all or part of it, please give us your reasons in writing before that date.\n\n"
        "If you have already paid, this notice is without object.\n\n"
        "Yours faithfully,",
    ),
}

UNPRECEDED = {
    "second": (
        "Dear Sir or Madam,\n\nYour account shows an overdue balance of {total}, as detailed below. Please pay this amount by {deadline}."
    ),
    "final": (
        "Dear Sir or Madam,\n\n"
        "The sum of {total}, as detailed below, is overdue and remains unpaid.\n\n"
        "We hereby give you formal notice{basis} to pay it no later than {deadline}."
    ),
}

_GERMAN_LAW = (
    "Please note that under German law late payment gives rise to interest at nine percentage points above the base rate and to a fixed "
    "sum of €40 (German Civil Code, sections 286 and 288)."
)

LAW = {
    ("FR", "business"): (
        "Please note that under French law late payment gives rise to interest, without any reminder being necessary, and to a fixed "
        "indemnity of €40 per invoice for recovery costs (Code de commerce, articles L441-10 and D441-5)."
    ),
    ("FR", "public"): (
        "Please note that under French law late payment gives rise to interest, without any formality being necessary, and to a "
        "fixed indemnity of €40 for recovery costs (Code de la commande publique, articles L2192-13 and D2192-35)."
    ),
    ("DE", "business"): _GERMAN_LAW,
    ("DE", "public"): _GERMAN_LAW,
}

BASIS = {
    ("FR", "business"): " (article 1344 of the French Civil Code)",
    ("FR", "consumer"): " (article 1344 of the French Civil Code)",
}

RATE = {
    ("FR", "business"): "the ECB's refinancing rate plus ten points (French Code de commerce, article L441-10)",
    ("FR", "public"): "the ECB's refinancing rate plus eight points (French Code de la commande publique, article R2192-31)",
    ("DE", "business"): "the German base rate plus nine points (German Civil Code, section 288)",
    ("DE", "public"): "the German base rate plus nine points (German Civil Code, section 288)",
}

ENGLISH = Wording(TEXTS, UNPRECEDED, LAW, BASIS, RATE)
