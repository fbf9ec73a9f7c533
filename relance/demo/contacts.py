"""Where is each customer delivered and invoiced, and whom does one write to there?

An address without @ is completed by the customer's domain; roles are D decision maker, M main, F financial.
"""

from datetime import date, timedelta
from typing import Any

from relance.demo.customers import BY_CODE, Customer, country
from relance.demo.tables import rows

ROLES = {"D": "decision_maker", "M": "main", "F": "financial"}

# Every customer has a site S1 at the address of its line, whose mailbox is contact@, or what stands here.
MAILBOXES = {"C004": "martin", "C006": "", "C045": "office", "C046": "office", "C047": "office", "C050": "mairie", "C051": "intendance"}

_FURTHER_SITES = rows("""
customer  site  name                 mailbox    street                   postcode  city
C010      S2    U Celaru Bastia      bastia     4 rue du Vieux-Palmier   20200     Bastia
C034      S2    Rivabelle Bordeaux   bordeaux   15 cours des Gabares     33000     Bordeaux
C034      S3    Rivabelle Biarritz   biarritz   2 avenue des Embruns     64200     Biarritz
C040      S2    Entrepôt de Libourne  entrepot  ZI du Port Long          33500     Libourne
C050      S2    École des Tilleuls   ecole      6 rue des Tilleuls       49990     Montfleury-sur-Loire
""")

_CONTACTS = rows("""
customer  name                     identity                    at_customer    sites     roles  receives
C001      Hélène Rocher            -                           compta         S1        MF     dunning
C002      Bérengère Lhuillier      -                           compta         S1        DMF    dunning invoices
C003      Yannick Le Goff          -                           facturation    S1        MF     invoices
C004      Aline Dupont             -                           dupont         -         M      invoices
C006      Marcel Boistard          -                           -              S1        DM     dunning
C006      Josseline Ferrand        josseline@courriel.example  -              S1        F      dunning invoices
C007      Régine Chazelle          -                           chazelle       S1        F      dunning
C007      Loïc Peyrard             -                           peyrard        S1        DMF    invoices
C008      Gwenaëlle Riou           -                           riou           -         M      dunning
C009      Maritxu Ibarrondo        maritxu@courriel.example    gerance        S1        DMF    dunning
C010      Ghjulia Santoni          -                           ajaccio        S1        DM     dunning
C010      Petru-Antone Mariani     -                           bastia.compta  S2        F      dunning
C011      Gertrude Schnebelen      -                           compta         S1        F      dunning
C012      Cédric Vandenbroucke     -                           gerant         S1        DM     dunning
C013      Odile Maréchal           -                           compta         S1        F      dunning
C014      François-Xavier Brun     fx.brun@courriel.example    -              S1        DMF    dunning
C015      Nolwenn Kerjean          -                           boutique       S1        M      invoices
C016      Josiane Hubert           -                           compta         S1        F      dunning
C016      Thierry Hubert           -                           direction      S1        D      -
C017      Amaury de Brissard       -                           amaury         S1        DM     dunning
C017      Sylvie Caillaud          -                           economat       S1        F      dunning
C018      Amédée Guérineau         -                           amedee         S1        DMF    dunning
C019      Pierrette Aubrun         pierrette@courriel.example  -              S1        DMF    dunning
C020      Maëlys Le Bihan          -                           maelys         S1        DMF    dunning
C021      Ahmed Benhaddou          -                           gestion        S1        MF     dunning
C022      Charlotte Vasseur        -                           charlotte      S1        DMF    invoices
C023      Jean-Noël Taillefer      -                           jean.noel      S1        DMF    dunning
C024      Enora Jézéquel           -                           enora          S1        DMF    dunning
C025      Bérénice Fabrègues       -                           compta         S1        F      dunning
C026      Magali Estève            -                           magali         S1        DMF    dunning
C027      Willy Deschildre         -                           willy          S1        DMF    dunning
C028      Liesel Kuntzmann         -                           liesel         S1        DMF    dunning
C029      Gérard de Cadenac        -                           gerard         S1        DMF    dunning
C030      Mireille Dupouy          mireille@courriel.example   -              S1        DMF    dunning
C031      Côme Barthélemy          -                           come           S1        DM     dunning
C032      Thérèse Collard          -                           therese        S1        DMF    invoices
C033      Fabienne Pajot           -                           reception      S1        M      dunning
C034      Capucine d'Estraing      -                           comptabilite   S1        DMF    dunning dunning_all_sites
C034      Rémi Goyhenex            -                           economat.bdx   S2        F      dunning
C035      Anne-Cécile Fouquet      -                           relais         S1        DMF    dunning
C036      Raymonde Le Floc'h       -                           economat       S1        F      dunning
C036      Hubert Mesnard           -                           direction      S1        D      -
C037      Aurélie Tissot-Dupont    -                           compta         S1        F      dunning
C038      Sébastien Perrot         -                           sebastien      S1        DMF    dunning
C039      Augustin Delpirou        -                           augustin       S1        DMF    dunning
C040      Service fournisseurs     -                           fournisseurs   S1        MF     invoices invoices_all_sites
C040      Édouard Lamothe-Castets  -                           achats         S1        D      -
C041      Direction financière     -                           finances       S1        DMF    dunning
C042      Comptabilité Papillote   -                           compta         S1        F      dunning
C043      Comptabilité Papillote   -                           compta         S1        F      dunning
C044      Anaïs Roumégous          -                           anais          S1        DMF    dunning
C045      Oliver Thornbury         -                           accounts       S1        MF     dunning
C046      Siobhán Ní Dhomhnaill    -                           siobhan        S1        DMF    dunning
C047      Alasdair Finch           -                           ledger         S1        F      dunning
C047      Imogen Marlowe           imogen@mailbox.example      -              S1        D      -
C048      Maxime Vandevelde        -                           compta         S1        F      dunning
C049      Béatrice Rochat          -                           beatrice       S1        DMF    dunning
C050      Service des finances     -                           finances       S1 S2     F      invoices
C051      Gestionnaire             -                           intendance     S1        MF     invoices
C052      Étienne Lavardac         etienne@courriel.example    -              S1        M      dunning
C053      Solène Kervarec          solene@courriel.example     -              S1        M      dunning
C054      Gaëtan Bréchignac        gaetan@courriel.example     -              S1        M      dunning
C055      Lucile Azéma             -                           tresorerie     S1        DF     dunning
C056      Norbert Lecoq            -                           norbert        S1        DM     dunning
C056      Huguette Fléchard        -                           compta         S1        F      dunning
C057      Jordi Puigsegur          -                           jordi          S1        DMF    dunning
C058      Maître Clotilde Revel    revel@mandataire.example    -              S1        F      -
C058      Bastien Ravier           -                           capitaine      S1        DM     dunning
C059      Ludivine Sarrazin        -                           ludivine       S1        DMF    dunning
C060      Hortense Bellanger       -                           hortense       S1        DMF    dunning
""")

LEFT = {("C006", "Josseline Ferrand"): 200, ("C007", "Régine Chazelle"): 95}  # days ago


def sites(customer: Customer) -> list[dict[str, Any]]:
    """The customer's sites, the one of its line first."""
    first = ["S1", customer.name, MAILBOXES.get(customer.code, "contact"), customer.street, customer.postcode, customer.city]
    further = [cells for code, *cells in _FURTHER_SITES if code == customer.code]
    return [_site(customer, *cells) for cells in (first, *further)]


def _site(customer: Customer, code: str, name: str, mailbox: str, street: str, postcode: str, city: str) -> dict[str, Any]:
    place = {"address": [street], "postcode": postcode, "city": city, "country": country(customer.code)}
    return {"code": code, "name": name, "email": address(customer.code, mailbox), **place}


def contacts(customer: Customer, today: date) -> list[dict[str, Any]]:
    """The customer's contacts, those who have left among them."""
    return [_contact(customer, *cells, today=today) for code, *cells in _CONTACTS if code == customer.code]


def _contact(
    customer: Customer, name: str, identity: str, at_customer: str, places: str, roles: str, receives: str, *, today: date
) -> dict[str, Any]:
    left = LEFT.get((customer.code, name))
    return {
        "name": name,
        "email_identity": address(customer.code, identity),
        "email_at_customer": address(customer.code, at_customer),
        "sites": places.split(),
        "left_on": str(today - timedelta(days=left)) if left else None,
        "roles": [ROLES[role] for role in roles],
        "receives": receives.split(),
    }


def address(customer: str, mailbox: str) -> str:
    """A mail address: of the customer's own domain unless it names another; empty where there is none."""
    return mailbox if "@" in mailbox or not mailbox else f"{mailbox}@{BY_CODE[customer].domain}.example"
