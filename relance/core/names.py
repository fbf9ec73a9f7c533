"""In which order do names stand? As the language collates: É with E, œ as oe, capitals as small letters."""

import unicodedata


def collation_key(name: str) -> str:
    """A text whose plain order is the order of names."""
    folded = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join("".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c)).split())
