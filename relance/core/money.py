"""How is an amount of money read, kept and written?

An amount is an ``int`` of minor units (cents) and never travels without its ISO 4217 currency.
"""

import re

# Currencies whose minor unit is not a hundredth (ISO 4217, table A.1); all the others have two decimals.
_OTHER_DECIMALS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
MAX_DIGITS = 15
_AMOUNT = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)


def decimals(currency: str) -> int:
    """How many decimals amounts of this currency have."""
    return _OTHER_DECIMALS.get(currency, 2)


def parse(text: str, currency: str) -> int:
    """Minor units of a decimal amount such as ``"-1234.50"``.

    Raises ValueError, in words for a user, for anything that is not a plain decimal, has more decimals than the
    currency (zeros aside), or more than 15 digits.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f'not a decimal amount: "{text[:40]}"')
    sign, whole, fraction = match[1], match[2], match[3] or ""
    places = decimals(currency)
    if fraction[places:].strip("0"):
        raise ValueError(f'too many decimals for {currency}: "{text[:40]}"')
    digits = whole.lstrip("0") + fraction[:places].ljust(places, "0")
    if len(digits) > MAX_DIGITS:
        raise ValueError(f'more than {MAX_DIGITS} digits: "{text[:40]}"')
    return int(sign + (digits or "0"))


def show(amount: int, currency: str) -> str:
    """The decimal form that ``parse`` reads: ``"-1234.50"``."""
    places = decimals(currency)
    if not places:
        return str(amount)
    whole, fraction = divmod(abs(amount), 10**places)
    return f"{'-' if amount < 0 else ''}{whole}.{fraction:0{places}d}"


def rescale(amount: int, currency: str, to: str) -> int:
    """The same figure in another currency's minor units, rounded down: a threshold of 10.00 EUR read as 10 JPY."""
    return amount * int(10 ** decimals(to)) // int(10 ** decimals(currency))
