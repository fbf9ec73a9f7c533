"""Can a person keep templates, and are the letters of a run made of the right one?"""

import zipfile

import pytest

from relance.letters.own import office
from tests.acceptance.doors import unwrapped
from tests.acceptance.world import TODAY, level
from tests.letters.documents import paragraph, parts, said, template


@pytest.fixture
def books(world, monkeypatch):
    """Three customers with an overdue invoice each, of two types; LibreOffice is not installed."""
    monkeypatch.setattr(office, "installed", lambda: None)
    world.levels(level(1, -5, 10), level(2, 11, 30))
    for code, kind in (("C001", "10"), ("C002", "20"), ("C003", "20")):
        world.customer(code, type=kind)
        world.invoice(f"FA-{code}", customer=code)
    world.load()
    return world


def ask(world, verb, *args):
    """A question or an order about the templates of ACME, answered in JSON."""
    return world.relance("template", verb, *args, "--company", "ACME", "--json")


def upload(world, name, *paragraphs, flags=()):
    """Offer a template of these paragraphs."""
    file = world.folder / "Agri.odt"
    file.write_bytes(template("".join(map(paragraph, paragraphs))))
    return ask(world, "add", name, file, *flags)


def kept(world, name, text, *flags):
    """A template of one paragraph, uploaded."""
    return upload(world, name, text, flags=flags).done().json


def names(world):
    """The templates that can be chosen."""
    return [one["name"] for one in ask(world, "list").done().json["templates"]]


def letters(world, *flags, out="letters.zip"):
    """What stands first on each letter of an edition, by the name of its file."""
    world.edition(1, TODAY, "--out", world.folder / out, *flags)
    with zipfile.ZipFile(world.folder / out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def first_words(files):
    return {name.partition(".")[0]: said(content)[0] if name.endswith(".odt") else "" for name, content in files.items()}


@pytest.mark.spec("A23")
def test_the_template_of_the_run_replaces_the_general_one(books):
    kept(books, "Agri", "Cher agriculteur {customer}")
    found = letters(books, "--template", "Agri", "--customer", "C002")
    assert {name: said(content) for name, content in found.items()} == {"0001-C002.odt": ["Cher agriculteur Client C002"]}


@pytest.mark.spec("A23")
def test_without_being_asked_for_a_customers_own_template_comes_before_its_types_and_its_levels(books):
    kept(books, "Niveau", "niveau", "--for-level", 1)
    kept(books, "Type", "type", "--for-type", 20)
    kept(books, "Client", "client", "--for-customer", "C003")
    assert first_words(letters(books)) == {"0001-C001": "niveau", "0002-C002": "type", "0003-C003": "client"}


@pytest.mark.spec("A23")
@pytest.mark.parametrize("name", ["Absent", "../../etc/passwd", "Agri.rtf"])
def test_a_template_goes_by_its_name_and_never_by_a_path(books, name):
    edition = ("edition", "--as-of", TODAY, "--level", 1, "--template", name, "--definitive")
    books.ask(*edition).refused(f'there is no letter template "{name}" in ACME')
    assert books.history() == {"notices": [], "events": []}


@pytest.mark.spec("A23")
def test_a_letter_remembers_the_version_that_it_was_made_of(books):
    kept(books, "Agri", "un")
    books.edition(1, TODAY, "--definitive", "--template", "Agri", "--customer", "C001")
    assert kept(books, "Agri", "deux")["version"] == 2
    books.edition(1, TODAY, "--definitive", "--template", "Agri", "--customer", "C002")
    made_of = {notice["customer"]: notice["template"] for notice in books.history()["notices"]}
    assert made_of == {"C001": {"name": "Agri", "version": 1}, "C002": {"name": "Agri", "version": 2}}


def test_the_same_document_again_is_no_new_version_and_may_be_used_for_others(books):
    kept(books, "Agri", "un", "--for-level", 1)
    again = kept(books, "Agri", "un", "--for-type", 20)
    assert (again["version"], again["levels"], again["types"]) == (1, [], ["20"])
    assert kept(books, "Agri", "un")["types"] == ["20"]
    assert kept(books, "Agri", "un", "--on-request")["types"] == []


def test_a_level_has_one_template(books):
    kept(books, "Agri", "un", "--for-level", 1)
    upload(books, "Vin", "deux", flags=("--for-level", 1)).refused('level 1 is written with the template "Agri" already')
    assert names(books) == ["Agri"]


@pytest.mark.spec("A23")
def test_a_template_with_a_fault_is_refused_by_its_place_and_nothing_is_stored(books):
    upload(books, "Agri", "Chère {custmer}", "{").refused(
        'Agri.odt: paragraph "Chère {custmer}": unknown placeholder "{custmer}"', 'Agri.odt: paragraph "{": "{" without its pair'
    )
    assert names(books) == []
    assert books.history()["events"] == []


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 81, "a\nb"])
def test_a_name_that_could_be_a_path_is_none(books, name):
    upload(books, name, "un").refused("cannot be the name of a template")
    assert names(books) == []


def test_a_template_taken_from_choice_makes_no_new_letter_and_stays_with_those_it_made(books):
    kept(books, "Agri", "un", "--for-level", 1)
    books.edition(1, TODAY, "--definitive", "--customer", "C001")
    ask(books, "remove", "Agri").done()
    assert [notice["template"]["name"] for notice in books.history()["notices"]] == ["Agri"]
    books.edition(1, TODAY, "--definitive")
    assert [notice["template"] for notice in books.history()["notices"]][:2] == [None, None]
    ask(books, "show", "Agri").refused('there is no letter template "Agri"')
    assert kept(books, "Agri", "deux")["version"] == 2


def test_a_template_is_shown_given_back_and_tried_on_a_letter_that_is_never_sent(books):
    kept(books, "Agri", "Cher {customer}")
    back, tried = books.folder / "back.odt", books.folder / "tried.pdf"
    shown = ask(books, "show", "Agri", "--out", back).done().json["versions"]
    assert [(one["version"], one["filename"], one["letters"]) for one in shown] == [(1, "Agri.odt", 0)]
    assert back.read_bytes() == (books.folder / "Agri.odt").read_bytes()
    assert ask(books, "preview", "Agri", "--out", tried).done().json["format"] == "odt"
    assert said(tried.with_suffix(".odt").read_bytes()) == ["Cher La Table d’Hélène"]
    assert "PROVISOIRE" in parts(tried.with_suffix(".odt").read_bytes())["styles.xml"].decode()


def test_the_sample_can_be_changed_and_uploaded(books):
    sample = books.folder / "sample.odt"
    books.relance("template", "sample", "--out", sample).done()
    assert ask(books, "add", "Exemple", sample).done().json["format"] == "odt"
    books.relance("template", "sample", "--out", books.folder / "sample.docx").refused("needs LibreOffice")


@pytest.mark.spec("K57")
@pytest.mark.parametrize("definitive", [(), ("--definitive",)])
def test_a_run_is_handed_over_in_the_format_that_was_asked_for(books, definitive):
    found = letters(books, "--format", "html", *definitive)
    assert list(found) == ["0001-C001.html", "0002-C002.html", "0003-C003.html"]
    assert ("PROVISOIRE" in found["0001-C001.html"].decode()) == (not definitive)


@pytest.mark.spec("K57")
def test_letters_go_into_one_file_a_folder_or_an_archive(books):
    whole, folder = books.folder / "letters.html", books.folder / "letters"
    books.edition(1, TODAY, "--definitive", "--out", whole)
    assert whole.read_text().count("<article") == 3
    run = books.history()["notices"][0]["run"]
    books.relance("print", run, "--out", folder, "--format", "html").done()
    assert sorted(path.name for path in folder.iterdir()) == ["0001-C001.html", "0002-C002.html", "0003-C003.html"]


@pytest.mark.parametrize("definitive", [(), ("--definitive",)])
def test_a_document_of_a_word_processor_holds_one_letter(books, definitive):
    out = books.folder / "letters.odt"
    flags = ("edition", "--as-of", TODAY, "--level", 1, *definitive, "--out", out)
    books.ask(*flags).refused("3 letters do not fit into letters.odt: name a .zip or a folder")
    assert not out.exists()
    assert books.history() == {"notices": [], "events": []}
    books.ask(*flags, "--customer", "C001").done()
    assert "Client C001" in " ".join(said(out.read_bytes()))


@pytest.mark.spec("K57")
def test_without_libreoffice_letters_of_a_template_are_odt_beside_the_pdf_and_it_is_said(books):
    kept(books, "Agri", "Cher {customer}", "--for-customer", "C002")
    out = books.folder / "letters.pdf"
    told = books.ask("edition", "--as-of", TODAY, "--level", 1, "--definitive", "--out", out).done().err
    assert "one that needs LibreOffice is an ODT where that is not installed" in unwrapped(told)
    with zipfile.ZipFile(out.with_suffix(".zip")) as archive:
        assert archive.namelist() == ["0001-C002.odt"]
        assert said(archive.read("0001-C002.odt")) == ["Cher Client C002"]
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    "flags",
    [
        ("--out", "letters.xlsx"),
        ("--out", "letters.pdf", "--format", "html"),
        ("--control-list", "--format", "pdf"),
        ("--format", "doc"),
    ],
    ids=" ".join,
)
def test_a_format_that_cannot_be_written_is_wrong_usage(books, flags):
    books.ask("edition", "--as-of", TODAY, "--level", 1, *flags).misused()


@pytest.mark.spec("K54", "K55", "K56", "K57", "K58")
def test_letters_of_chosen_invoices_open_in_the_chosen_format(books):
    kept(books, "Agri", "Cher {customer}, niveau {level} : {documents}")
    out = books.folder / "letter.odt"
    asked = ("--document", "FA-C002=2", "--channel", "letter", "--as-of", TODAY, "--template", "Agri")
    books.ask("remind", *asked, "--out", out).done()
    assert said(out.read_bytes()) == ["Cher Client C002, niveau 2 : FA-C002"]
    assert [notice["level"] for notice in books.history()["notices"]] == [2]


def test_a_dossier_brings_templates_and_a_hostile_one_is_refused(books):
    kept(books, "Agri", "Cher {customer}", "--for-level", 1)
    before = books.dump()
    (version,) = before["templates"][0]["versions"]
    assert (before["templates"][0]["levels"], version["number"], version["format"]) == ([1], 1, "odt")
    spoilt = before | {"templates": [{"name": "Autre", "versions": [version | {"sha256": "0" * 64}]}], "history": None}
    books.try_load(spoilt).refused("templates[0].versions[0].compressed: is not what its SHA-256 says")
