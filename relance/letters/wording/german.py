"""What do the standing texts say in German? The law that they recall is that of the creditor's country: see ``texts.py``."""

from relance.letters.wording.text import Text, Wording

TEXTS = {
    "pre_due": Text(
        "Demnächst fällige Zahlungen",
        "Sehr geehrte Damen und Herren,\n\n"
        "wir erlauben uns, Sie daran zu erinnern, dass die unten aufgeführten Beträge von insgesamt {total} in Kürze fällig werden.",
        "Sollte Ihnen eine Rechnung nicht vorliegen oder haben Sie Fragen dazu, geben Sie uns bitte vor dem Fälligkeitstag Bescheid.\n\n"
        "Wir danken Ihnen für Ihr Vertrauen.\n\n"
        "Mit freundlichen Grüßen",
    ),
    "first": Text(
        "Zahlungserinnerung",
        "Sehr geehrte Damen und Herren,\n\n"
        "nach unseren Unterlagen weist Ihr Konto derzeit einen fälligen Betrag von {total} auf, den wir unten im Einzelnen aufführen. "
        "Sicher handelt es sich um ein Versehen.",
        "Wir bitten Sie, den Betrag möglichst bald zu überweisen oder uns mitzuteilen, was dem entgegensteht.\n\n"
        "Sollten Sie inzwischen gezahlt haben, betrachten Sie dieses Schreiben bitte als gegenstandslos.\n\n"
        "Mit freundlichen Grüßen",
    ),
    "second": Text(
        "Mahnung – offener Betrag {total}",
        "Sehr geehrte Damen und Herren,\n\n"
        "trotz unserer Erinnerung vom {previous_date} weist Ihr Konto noch immer einen fälligen Betrag von {total} auf, den wir unten im "
        "Einzelnen aufführen. Wir bitten Sie, ihn bis spätestens {deadline} zu überweisen.",
        "{law}\n\n"
        "Sollten Sie sich in einer schwierigen Lage befinden oder eine Rechnung beanstanden, wenden Sie sich bitte vorher an uns.\n\n"
        "Sollten Sie inzwischen gezahlt haben, betrachten Sie dieses Schreiben bitte als gegenstandslos.\n\n"
        "Mit freundlichen Grüßen",
    ),
    "final": Text(
        "LETZTE MAHNUNG",
        "Sehr geehrte Damen und Herren,\n\n"
        "trotz unserer Mahnung vom {previous_date} ist der unten im Einzelnen aufgeführte Betrag von {total} noch immer offen.\n\n"
        "Wir fordern Sie hiermit förmlich auf{basis}, ihn bis spätestens {deadline} zu zahlen.",
        "{law}\n\n"
        "Geht die Zahlung bis zu diesem Tag nicht bei uns ein, behalten wir uns vor, unsere Forderung ohne weitere Ankündigung gerichtlich "
        "geltend zu machen. Sollten Sie die Forderung ganz oder teilweise bestreiten, teilen Sie uns Ihre Gründe bitte vor diesem Tag "
        "schriftlich mit.\n\n"
        "Sollten Sie inzwischen gezahlt haben, ist dieses Schreiben gegenstandslos.\n\n"
        "Mit freundlichen Grüßen",
    ),
}

UNPRECEDED = {
    "second": (
        "Sehr geehrte Damen und Herren,\n\n"
        "Ihr Konto weist einen fälligen Betrag von {total} auf, den wir unten im Einzelnen aufführen. Wir bitten Sie, ihn bis spätestens "
        "{deadline} zu überweisen."
    ),
    "final": (
        "Sehr geehrte Damen und Herren,\n\n"
        "der unten im Einzelnen aufgeführte Betrag von {total} ist fällig und noch immer offen.\n\n"
        "Wir fordern Sie hiermit förmlich auf{basis}, ihn bis spätestens {deadline} zu zahlen."
    ),
}

_GERMAN_LAW = (
    "Im Verzug schulden Sie uns kraft Gesetzes Verzugszinsen von neun Prozentpunkten über dem Basiszinssatz und eine Pauschale von 40 € "
    "(§§ 286 und 288 BGB)."
)

LAW = {
    ("FR", "business"): (
        "Wir weisen Sie darauf hin, dass bei Zahlungsverzug nach französischem Recht ohne weitere Mahnung Verzugszinsen anfallen, sowie je "
        "Rechnung eine Pauschale von 40 € für Beitreibungskosten (Code de commerce, Artikel L441-10 und D441-5)."
    ),
    ("FR", "public"): (
        "Wir weisen Sie darauf hin, dass bei Überschreitung der Zahlungsfrist nach französischem Recht ohne weitere Förmlichkeit "
        "Verzugszinsen anfallen, sowie eine Pauschale von 40 € für Beitreibungskosten (Code de la commande publique, Artikel L2192-13 und "
        "D2192-35)."
    ),
    ("DE", "business"): _GERMAN_LAW,
    ("DE", "public"): _GERMAN_LAW,
}

BASIS = {
    ("FR", "business"): " (Artikel 1344 des französischen Code civil)",
    ("FR", "consumer"): " (Artikel 1344 des französischen Code civil)",
}

RATE = {
    ("FR", "business"): "Refinanzierungssatz der EZB zuzüglich zehn Prozentpunkte (Artikel L441-10 des französischen Code de commerce)",
    (
        "FR",
        "public",
    ): "Refinanzierungssatz der EZB zuzüglich acht Prozentpunkte (Artikel R2192-31 des Code de la commande publique)",
    ("DE", "business"): "Basiszinssatz zuzüglich neun Prozentpunkte (§ 288 BGB)",
    ("DE", "public"): "Basiszinssatz zuzüglich neun Prozentpunkte (§ 288 BGB)",
}

GERMAN = Wording(TEXTS, UNPRECEDED, LAW, BASIS, RATE)
