"""Is a number that names a company written right? The SIREN of the French register."""

SIREN_DIGITS = 9


def is_siren(text: str) -> bool:
    """Whether it is nine digits, the last of which checks the others (ISO/IEC 7812-1, as INSEE has it for the SIREN)."""
    if len(text) != SIREN_DIGITS or not (text.isascii() and text.isdecimal()):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(text))  # every second digit
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
