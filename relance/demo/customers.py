"""Who buys from the demo company, where, through whom, and on what terms?

One line per customer; what is out of the ordinary stands in the small tables below. Contacts and further sites are in ``contacts``.
"""

from typing import Any, NamedTuple

from relance.demo.tables import rows

MERCHANT, RESTAURANT, HOTEL, KEY_ACCOUNT, EXPORT, PUBLIC, PRIVATE = "10", "20", "30", "40", "50", "60", "70"


class Customer(NamedTuple):
    """One line of the table; ``terms`` are days from the invoice's date to its due date, ``domain`` that of its mail, before .example."""

    code: str
    name: str
    type: str
    sales_rep: str
    terms: int
    payment_method: str
    domain: str
    street: str
    postcode: str
    city: str


_TABLE = rows("""
code  name                              type  rep  terms  pays  domain            street                      postcode  city
C001  La Cave du Vieux Pressoir         10    TES  30     VIR   vieuxpressoir     8 rue des Tonneliers        49400     Saumur
C002  Aux Treize Cépages                10    TES  30     VIR   treizecepages     21 rue des Arènes           49000     Angers
C003  Le Bouchon Curieux                10    TES  30     VIR   bouchoncurieux    4 passage du Bouffay        44000     Nantes
C004  Cave Saint-Éloi                   10    TES  30     CHQ   cavesainteloi     17 rue du Chapitre          35000     Rennes
C005  Les Caves de l'Écluse             10    TES  30     CHQ   cavesecluse       2 quai du Canal             37000     Tours
C006  La Futaie                         10    TES  30     CHQ   lafutaie          Lieu-dit les Grands-Bois    45240     La Ferté-Saint-Aubin
C007  Cave Forézienne                   10    COU  30     VIR   caveforezienne    33 rue des Armuriers        42000     Saint-Étienne
C008  Le Tire-Bouchon Breton            10    TES  30     VIR   tirebouchon       9 rue Kéréon                29000     Quimper
C009  Cave Ibarrondo                    10    COU  30     VIR   ibarrondo         5 rue de la Baleine         64500     Saint-Jean-de-Luz
C010  U Celaru                          10    COU  30     VIR   ucelaru           12 cours Bergeronnette      20000     Ajaccio
C011  Caves Oberlin-Schnebelen          10    COU  30     PRLV  oberlin           7 rue des Vendangeurs       68000     Colmar
C012  L'Œil de Perdrix                  10    TES  30     LCR   oeildeperdrix     40 rue de la Clef-d'Or      59000     Lille
C013  La Treille d'Or                   10    COU  30     VIR   treilledor        16 rue des Forges           21000     Dijon
C014  Cave des Canuts                   10    COU  30     VIR   cavedescanuts     28 montée des Tisseurs      69004     Lyon
C015  Les Gourmets de l'Odet            10    TES  30     CB    gourmetsodet      1 place au Beurre           29000     Quimper
C016  Brasserie des Deux Ponts          20    TES  30     VIR   deuxponts         3 boulevard de la Maine     49100     Angers
C017  Le Cheval Rouge                   20    TES  30     VIR   chevalrouge       11 place des Halles         37500     Chinon
C018  Chez Amédée                       20    TES  30     CHQ   chezamedee        6 cours des Dames-Blanches  17000     La Rochelle
C019  L'Auberge du Gué Fleuri           20    TES  30     CHQ   guefleuri         Le Gué                      36300     Le Blanc
C020  La Table de Maëlys                20    TES  30     VIR   tabledemaelys     19 rue des Vénètes          56000     Vannes
C021  Le Petit Zinc Doré                20    TES  30     VIR   petitzincdore     84 rue de la Folie-Regnard  75011     Paris
C022  Bistrot Chênevert                 20    TES  30     VIR   chenevert         13 rue du Puits-Vieux       75005     Paris
C023  Le Héron Cendré                   20    TES  30     CHQ   heroncendre       22 quai des Mariniers       41000     Blois
C024  Crêperie de l'Îlot                20    TES  30     CHQ   creperieilot      5 rue des Corsaires         35400     Saint-Malo
C025  La Garrigue Bleue                 20    COU  30     VIR   garriguebleue     10 rue des Aiguillettes     34000     Montpellier
C026  Le Mas des Cigaliers              20    COU  30     VIR   masdescigaliers   Chemin des Alpilles         13200     Arles
C027  L'Estaminet du Houblon            20    TES  30     CB    estaminethoublon  3 rue des Bouchers          59140     Dunkerque
C028  Winstub zum Storchenest           20    COU  30     VIR   storchenest       14 rue du Bain-aux-Plantes  67000     Strasbourg
C029  La Bastide de Cadenac             20    COU  30     CHQ   bastidecadenac    Route de Monbazillac        24100     Bergerac
C030  Ferme-auberge du Haut-Gabarret    20    COU  30     CHQ   hautgabarret      Le Haut-Gabarret            32190     Vic-Fezensac
C031  Le Comptoir des Ocres             20    COU  30     VIR   comptoirdesocres  2 place de la Poste         84220     Roussillon
C032  Au Rendez-vous des Bateliers      20    COU  30     VIR   bateliers         27 quai de la Marne         51200     Épernay
C033  Hôtel des Quatre Vents            30    TES  30     VIR   quatrevents       60 promenade du Remblai     85100     Les Sables-d'Olonne
C034  Hôtels Rivabelle                  40    PER  45     VIR   rivabelle         9 allée des Tanneurs        44000     Nantes
C035  Relais de Bréhémont               30    TES  30     CB    relaisbrehemont   1 quai de la Grève          37130     Bréhémont
C036  Grand Hôtel Beauséjour            30    TES  30     CHQ   beausejour        45 avenue des Tamaris       44500     La Baule-Escoublac
C037  Hôtel du Lac et des Cimes         30    COU  30     VIR   lacetcimes        18 quai des Régates         74000     Annecy
C038  Le Clos des Hirondelles           30    COU  30     VIR   closhirondelles   Rue de l'Abreuvoir          71240     Sennecey-le-Grand
C039  Auberge de la Vieille Poste       30    COU  30     CHQ   vieilleposte      Grand-Rue                   15300     Murat
C040  Centrale Vignobles Atlantique     40    PER  60     VIR   cvatlantique      ZA des Forges               33700     Mérignac
C041  Groupe Papillote                  40    PER  30     VIR   papillote         31 rue de la Boétie-Neuve   75008     Paris
C042  Papillote Canal                   20    PER  30     VIR   papillote         70 quai du Valmy-Vieux      75010     Paris
C043  Papillote Beaux-Arts              20    PER  30     VIR   papillote         5 rue des Modèles           75006     Paris
C044  Épicerie Mi-Figue Mi-Raisin       10    COU  30     CB    mifiguemiraisin   8 rue du Taur-Blanc         31000     Toulouse
C045  Thornbury & Wace Ltd              50    WAL  30     VIR   thornburywace     14 Cooper's Row             SE1 0AA   London
C046  Kilvarra Wines                    50    WAL  30     VIR   kilvarra          3 Merchant's Quay           T12 AA00  Cork
C047  Marlowe & Finch Cellars           50    WAL  30     VIR   marlowefinch      22 Vintners' Close          EH6 0AA   Edinburgh
C048  Vinothèque du Sablon-Vert         50    WAL  30     VIR   sablonvert        11 rue des Minimes          1000      Bruxelles
C049  Caves genevoises du Lac           50    WAL  30     VIR   cavesdulac        40 rue des Bains            1205      Genève
C050  Ville de Montfleury-sur-Loire     60    TES  30     VIR   montfleury        Place de la Mairie          49990     Montfleury-sur-Loire
C051  Lycée hôtelier des Coteaux        60    TES  30     VIR   lyceecoteaux      2 rue des Compagnons        49400     Saumur
C052  M. Étienne Lavardac               70    TES  15     CHQ   lavardac          12 chemin des Amandiers     32100     Condom
C053  Mme Solène Kervarec               70    TES  15     CB    kervarec          7 venelle du Four           22300     Lannion
C054  M. et Mme Gaëtan Bréchignac       70    COU  15     CHQ   brechignac        3 impasse du Colombier      63000     Clermont-Ferrand
C055  Festival Les Nuits de la Treille  20    COU  30     VIR   nuitsdelatreille  Cour des Jacobins           11000     Carcassonne
C056  Traiteur Lecoq-Fléchard           20    TES  30     CHQ   lecoqflechard     55 rue des Trois-Marchands  72000     Le Mans
C057  Le Goulot Bavard                  20    COU  30     VIR   goulotbavard      20 rue de la Fusterie       66000     Perpignan
C058  Péniche L'Insubmersible           20    COU  30     VIR   insubmersible     Port fluvial, quai B        69002     Lyon
C059  Bar à vins Le Chai Rougeaud       20    COU  30     LCR   chairougeaud      9 rue du Parlement-Vieux    33000     Bordeaux
C060  La Guinguette d'Hortense          20    TES  30     VIR   hortense          Île aux Moines              49350     Gennes-Val-de-Loire
""")

CUSTOMERS = tuple(Customer(code, name, type_, rep, int(terms), *rest) for code, name, type_, rep, terms, *rest in _TABLE)
BY_CODE = {customer.code: customer for customer in CUSTOMERS}

KINDS = {PUBLIC: "public", PRIVATE: "consumer"}
COUNTRIES = {"C045": "GB", "C046": "IE", "C047": "GB", "C048": "BE", "C049": "CH"}
LANGUAGES = {"GB": "en", "IE": "en"}
CURRENCIES = {"C047": "GBP"}  # in euros all the others
POLICIES = {"C034": "GRANDS", "C040": "GRANDS", "C050": "COLLECTIVITES", "C051": "COLLECTIVITES"}
DOUBTFUL = ("C039", "C058")  # kept on a 416 account
BOXES = {
    "C024": {"dunning_enabled": False},
    "C025": {"auto_dunning": False},
    "C026": {"manual_dunning": False},
}


def country(code: str) -> str:
    """The country of a customer's sites."""
    return COUNTRIES.get(code, "FR")


def particulars(customer: Customer) -> dict[str, Any]:
    """What the dossier says of a customer, but for its level, its sites and its contacts."""
    return {
        "code": customer.code,
        "name": customer.name,
        "type": customer.type,
        "sales_rep": customer.sales_rep,
        "account": f"{416 if customer.code in DOUBTFUL else 411}{customer.code[1:]}",
        "language": LANGUAGES.get(country(customer.code), "fr"),
        "kind": KINDS.get(customer.type, "business"),
        "policy": POLICIES.get(customer.code),
        "dunning_enabled": True,
        "manual_dunning": True,
        "auto_dunning": True,
        **BOXES.get(customer.code, {}),
    }
