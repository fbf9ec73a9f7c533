"""How is a PDF marked as a duplicate? A framed word at the head of every page, whatever the page's size; nothing else of it changes."""

import io
from collections.abc import Sequence

import pikepdf

from relance.letters.typesetter import own_typesetter
from relance.letters.words import words

_DATE = "2000-01-01"  # of the stamp, which is on no page
_DOWN = 7  # points between the page's edge and the frame
_A4, _FARTHEST = (0.0, 0.0, 595.0, 842.0), 1e6  # points
_UPRIGHT = {"invert_transformations": True, "allow_shrink": True, "allow_expand": False}
_NAME = pikepdf.Name("/RelanceDuplicate")


def stamp_duplicate(content: bytes, language: str) -> bytes:
    """The same document, every page of it marked as a duplicate in this language; the same bytes each time."""
    return _stamped(content, own_typesetter().set("stamp", {"date": _DATE, "language": language, "word": words(language)["duplicate"]}))


def stamp_piece(content: bytes, marks: Sequence[tuple[str, str]]) -> bytes:
    """The same document, each page of it marked as that of a numbered piece: its name, and where the page stands."""
    return _stamped(content, own_typesetter().set("piece", {"date": _DATE, "title": marks[0][0], "marks": marks}))


def _stamped(content: bytes, stamps: bytes) -> bytes:
    """The pages with the stamps over them, one each; the last stamp serves the pages that are left."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf, pikepdf.open(io.BytesIO(stamps)) as stamp:
        mark, width, height = None, 0.0, 0.0
        for place, page in enumerate(pdf.pages):
            if mark is None or place < len(stamp.pages):
                width, height = (float(side) for side in stamp.pages[place].mediabox[2:])
                mark = pdf.copy_foreign(stamp.pages[place].as_form_xobject())
            _lay_over(page, mark, width, height)
        pdf.save(made, deterministic_id=True)
    return made.getvalue()


def _lay_over(page: pikepdf.Page, mark: pikepdf.Object, width: float, height: float) -> None:
    place = _place(_box(page), _rotation(page), width, height)
    if not isinstance(page.obj.get("/Resources", pikepdf.Dictionary()), pikepdf.Dictionary):
        page.obj.Resources = pikepdf.Dictionary()  # what it has instead draws nothing
    page.add_resource(mark, pikepdf.Name.XObject, _NAME)
    page.contents_add(b"q\n", prepend=True)  # so that what the page leaves behind does not move the mark
    page.contents_add(b"\nQ\n" + page.calc_form_xobject_placement(mark, _NAME, place, **_UPRIGHT))


def _box(page: pikepdf.Page) -> list[float]:
    """The edges of the sheet: left, bottom, right, top; where the page tells none that can be, those of an A4 sheet, as viewers have it."""
    for name in ("cropbox", "mediabox"):
        try:
            given = [float(side) for side in getattr(page, name)]
            left, right, bottom, top = *sorted(given[0::2]), *sorted(given[1::2])
        except (TypeError, ValueError, RuntimeError):
            continue
        if right - left >= 1 and top - bottom >= 1 and max(map(abs, given)) < _FARTHEST:
            return [left, bottom, right, top]
    return [*_A4]


def _rotation(page: pikepdf.Page) -> int:
    """By how many degrees the sheet is turned: quarters, where the page says anything else none."""
    try:
        turned = int(page.rotation) % 360
    except (TypeError, ValueError, RuntimeError):
        return 0
    return turned if turned % 90 == 0 else 0


def _place(box: list[float], rotation: int, width: float, height: float) -> pikepdf.Rectangle:
    """Where the mark stands on the sheet, so that a reader sees it in the middle of the upper edge, however the sheet is turned."""
    left, bottom, right, top = box
    across, up = (left + right) / 2, (bottom + top) / 2
    if rotation in (90, 270):
        begin = left + _DOWN if rotation == 90 else right - _DOWN - height
        return pikepdf.Rectangle(begin, up - width / 2, begin + height, up + width / 2)
    begin = bottom + _DOWN if rotation == 180 else top - _DOWN - height
    return pikepdf.Rectangle(across - width / 2, begin, across + width / 2, begin + height)
