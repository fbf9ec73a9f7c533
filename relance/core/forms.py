"""In which formats can a letter be handed over, and what are they called where files travel?"""

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "html": "text/html",
}
FORMS = tuple(MEDIA_TYPES)
FORM_OF = {media_type: form for form, media_type in MEDIA_TYPES.items()}
JOINED = ("pdf", "html")  # letters in these go into one file, one after the other; each of the others is a file by itself
ARCHIVE = "zip"


def form_of_file(name: str) -> str:
    """The format that a file's name asks for: one of the above, ``zip``, or nothing for another ending."""
    suffix = name.rpartition(".")[2].lower()
    return suffix if suffix in FORMS or suffix == ARCHIVE else ""
