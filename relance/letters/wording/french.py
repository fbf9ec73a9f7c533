"""What do the standing texts say in French? The law that they recall is that of the creditor's country: see ``texts.py``."""

from relance.letters.wording.text import Text, Wording

TEXTS = {
    "pre_due": Text(
        "Vos prochaines échéances",
        "Madame, Monsieur,\n\n"
        "Nous nous permettons de vous rappeler que les sommes ci-dessous, d’un montant total de {total}, arrivent prochainement à "
        "échéance.",
        "Si une facture ne vous était pas parvenue, ou appelait une remarque de votre part, nous vous remercions de nous le signaler "
        "avant son échéance.\n\n"
        "Nous vous remercions de votre confiance et vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    "first": Text(
        "Rappel de règlement",
        "Madame, Monsieur,\n\n"
        "Sauf erreur ou omission de notre part, votre compte présente à ce jour un solde échu de {total}, dont vous trouverez le "
        "détail ci-dessous.",
        "Nous vous remercions de bien vouloir procéder à son règlement dans les meilleurs délais, ou de nous indiquer ce qui y "
        "ferait obstacle.\n\n"
        "Si votre règlement nous est parvenu entre-temps, nous vous prions de ne pas tenir compte de ce rappel.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    "second": Text(
        "Nouveau rappel – solde échu de {total}",
        "Madame, Monsieur,\n\n"
        "Malgré notre rappel du {previous_date}, votre compte présente toujours un solde échu de {total}, dont le détail suit. Nous "
        "vous demandons de nous régler cette somme au plus tard le {deadline}.",
        "{law}\n\n"
        "Si vous rencontrez une difficulté, ou si vous contestez une facture, nous vous invitons à prendre contact avec nous avant "
        "cette date.\n\n"
        "Si votre règlement nous est parvenu entre-temps, nous vous prions de ne pas tenir compte de ce rappel.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    "final": Text(
        "MISE EN DEMEURE DE PAYER",
        "Madame, Monsieur,\n\n"
        "Malgré notre rappel du {previous_date}, la somme de {total}, dont le détail suit, nous reste due.\n\n"
        "En conséquence, nous vous mettons en demeure{basis} de nous la payer au plus tard le {deadline}.",
        "{law}\n\n"
        "À défaut de paiement à cette date, nous nous réservons le droit d’en poursuivre le recouvrement par voie judiciaire, sans "
        "autre avis. Si vous contestez tout ou partie de cette somme, nous vous demandons de nous en faire connaître les motifs par "
        "écrit avant cette date.\n\n"
        "La présente est sans objet si votre règlement nous est parvenu entre-temps.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
}

UNPRECEDED = {
    "second": (
        "Madame, Monsieur,\n\n"
        "Votre compte présente à ce jour un solde échu de {total}, dont le détail suit. Nous vous demandons de nous régler cette "
        "somme au plus tard le {deadline}."
    ),
    "final": (
        "Madame, Monsieur,\n\n"
        "La somme de {total}, dont le détail suit, est échue et nous reste due.\n\n"
        "En conséquence, nous vous mettons en demeure{basis} de nous la payer au plus tard le {deadline}."
    ),
}

_GERMAN_LAW = (
    "Nous vous rappelons que, en droit allemand, le retard de paiement fait courir de plein droit des intérêts de neuf points au-dessus du "
    "taux de base et rend exigible une indemnité forfaitaire de 40 € (articles 286 et 288 du Code civil allemand)."
)

LAW = {
    ("FR", "business"): (
        "Nous vous rappelons que tout retard de paiement fait courir de plein droit, sans qu’un rappel soit nécessaire, des "
        "pénalités de retard, et rend exigible une indemnité forfaitaire de 40 € par facture pour frais de recouvrement (articles "
        "L441-10 et D441-5 du Code de commerce)."
    ),
    ("FR", "public"): (
        "Nous vous rappelons que le dépassement du délai de paiement fait courir, de plein droit et sans autre formalité, des "
        "intérêts moratoires, et donne lieu au versement d’une indemnité forfaitaire de 40 € pour frais de recouvrement (articles "
        "L2192-13 et D2192-35 du Code de la commande publique)."
    ),
    ("DE", "business"): _GERMAN_LAW,
    ("DE", "public"): _GERMAN_LAW,
}

BASIS = {
    ("FR", "business"): ", au sens de l’article 1344 du Code civil,",
    ("FR", "consumer"): ", au sens de l’article 1344 du Code civil,",
}

RATE = {
    ("FR", "business"): "taux de refinancement de la BCE majoré de dix points (article L441-10 du Code de commerce)",
    ("FR", "public"): "taux de refinancement de la BCE majoré de huit points (article R2192-31 du Code de la commande publique)",
    ("DE", "business"): "taux de base allemand majoré de neuf points (article 288 du Code civil allemand)",
    ("DE", "public"): "taux de base allemand majoré de neuf points (article 288 du Code civil allemand)",
}

FRENCH = Wording(TEXTS, UNPRECEDED, LAW, BASIS, RATE)
