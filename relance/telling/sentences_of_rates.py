"""Who says which rate of interest applied? The sources of the tables as they write it; ``sentences.py`` tells it anew."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Banque de France, table of policy rates"),
    _("ECB, table of key interest rates"),
    _("ECB, page of key interest rates, as quoted in two independent tables"),
    _("service-public.fr F23211 and two tables quoting the ECB"),
    _("agrees with the German base rate of 1.52"),
    _("single yearly rate"),
    _("%(site)s, history"),
    _("arrêté of %(on)s, JORF of %(published)s, as quoted in four tables"),
    _("arrêté of %(on)s, JORF of %(published)s"),
    _("arrêté of %(on)s (%(site)s)"),
    _("arrêté of %(on)s"),
    _("arrêté %(code)s of %(on)s, JO of %(published)s"),
    _("arrêté %(code)s of %(on)s"),
    _("official text not seen"),
    _("ECB main refinancing rate less 0.88, an identity that holds on 12 published figures (Deutsche Bundesbank, BGB § 247)"),
    _("%(site)s, table of statutory rates"),
    _("decisions of the Bank of England, no published table of statutory rates read"),
    _("paidnice.com (base rate 4.25 in May 2025)"),
    _("wolfx, glossary (base rate 3.75 in June 2026)"),
)
