"""What does a person read in the terminal, in French and in English?"""

import pytest

from tests.acceptance.world import TODAY, contact, item

AS_OF = "2026-07-15"


@pytest.fixture
def books(world):
    """Two customers of two types, an invoice each, one with two instalments; a credit; level 1 applies today."""
    world.customer("C001", name="Élise & Fils", type="10", sales_rep="DUP", account="411ELI")
    world.customer("C002", name="Zinc SARL", type="9", sales_rep="MAR")
    world.invoice("FA-1", due="2026-07-07", date="2026-06-07", amount="1234.50", label="Vin de mai")
    world.invoice("FA-2", "C002", date="2026-01-01", due=[item("2026-07-05", "100.00"), item("2026-12-31", "50.00")])
    world.credit("AV-1", amount="-34.50", on="2026-07-01")
    world.load()
    return world


def told(world, *args):
    """The lines of a command's answer to a person, blanks put together."""
    answer = world.relance(args[0], "--company", "ACME", *args[1:]).done()
    return [" ".join(line.split()) for line in answer.out.splitlines() if line.strip()]


def in_english(world):
    world.company(language="en")
    world.load()
    return world


@pytest.mark.spec("K7", "K8", "K9", "K10", "K12", "K13")
def test_the_aged_balance_is_a_table_as_an_accountant_writes_it(books):
    lines = told(books, "aged", "--as-of", AS_OF)
    assert lines[0] == "Balance âgée au 15/07/2026, par date de facture · EUR"
    assert lines[1] == "Compte Nom 0-30 31-60 61-90 91-180 181+ Total"
    assert lines[3:] == [
        "411ELI Élise & Fils -34,50 1 234,50 1 200,00",
        "C002 Zinc SARL 150,00 150,00",
        "Total -34,50 1 234,50 0,00 0,00 150,00 1 350,00",
    ]


def test_the_aged_balance_is_written_in_english_for_an_english_company(books):
    lines = told(in_english(books), "aged", "--as-of", AS_OF, "--by", "due_date")
    assert lines[0] == "Aged balance on 15/07/2026, by due date · EUR"
    assert lines[1] == "Account Name not due 1-30 31-60 61-90 91-180 181+ Total"
    assert "411ELI Élise & Fils 1,200.00 1,200.00" in lines


@pytest.mark.spec("K7", "K11")
def test_every_operation_is_shown_where_asked(books):
    lines = told(books, "aged", "--as-of", AS_OF, "--details")
    assert "FA-1 Vin de mai 07/06/2026 07/07/2026 38 1 234,50" in lines
    assert "AV-1 01/07/2026 01/07/2026 14 -34,50" in lines
    assert not any("FA-1" in line for line in told(books, "aged", "--as-of", AS_OF))


@pytest.mark.spec("K7")
@pytest.mark.parametrize(("by", "groups"), [("type", ["9", "10"]), ("sales_rep", ["DUP", "MAR"]), ("entity", ["ACME"])])
def test_accounts_are_put_together_with_subtotals(books, by, groups):
    lines = told(books, "aged", "--as-of", AS_OF, "--group-by", by)
    assert [line for line in lines if line in groups] == groups
    totals = [line for line in lines if line.startswith("Total ")]
    assert len(totals) == (len(groups) + 1 if len(groups) > 1 else 1)
    assert totals[-1].endswith("1 350,00")


@pytest.mark.spec("K7", "K12")
def test_the_columns_are_configurable(books):
    assert told(books, "aged", "--as-of", AS_OF, "--buckets", "15,45")[1] == "Compte Nom 0-15 16-45 46+ Total"


@pytest.mark.parametrize("buckets", ["", "30,30", "60,30", "a", "0"])
def test_columns_that_do_not_rise_are_wrong_usage(books, buckets):
    books.ask("aged", "--as-of", AS_OF, "--buckets", buckets).misused()


def test_currencies_are_never_added_up(books):
    books.invoice("FA-3", "C002", date="2026-07-01", due="2026-07-31", amount="10.00", currency="GBP")
    books.load()
    lines = told(books, "aged", "--as-of", AS_OF)
    assert lines[1].startswith("Compte Nom Devise")
    assert [line for line in lines if line.startswith("Total ")] == [
        "Total EUR -34,50 1 234,50 0,00 0,00 150,00 1 350,00",
        "Total GBP 10,00 0,00 0,00 0,00 0,00 10,00",
    ]


def test_a_narrow_screen_shortens_names_but_no_figure(books, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    books.customer("C001", name="Établissements Jean-Baptiste de la Villardière et Fils")
    books.load()
    [line] = [line for line in told(books, "aged", "--as-of", AS_OF) if line.startswith("411ELI")]
    assert line == "411ELI Établissements … -34,50 1 234,50 1 200,00"


def test_nothing_open_is_said(world):
    world.load()
    assert told(world, "aged", "--as-of", AS_OF)[-1] == "Aucun compte n'est ouvert."


def test_a_simulation_shows_the_notices_and_counts_what_is_left_out(books):
    lines = told(books, "batch", "--as-of", TODAY, "--dry-run")
    assert lines[0] == f"Relances automatiques du {TODAY[8:]}/{TODAY[5:7]}/2026, simulation"
    assert "C001 Élise & Fils 1 e-mail c001@clients.example 1 8 1 200,00 € proposée" in lines
    assert any(line.startswith("2 relances") for line in lines)
    assert "avoir ou acompte 1" in lines


def test_each_item_left_out_is_shown_where_asked(books):
    lines = told(books, "batch", "--as-of", TODAY, "--dry-run", "--left-out", "full")
    assert "FA-2 31/12/2026 aucun niveau ne s'applique à cette date" in lines


def test_what_is_left_out_may_be_kept_quiet(books):
    assert not any("Laissées" in line for line in told(books, "batch", "--as-of", TODAY, "--dry-run", "--left-out", "none"))


def test_nobody_to_remind_is_said(world):
    world.load()
    assert told(world, "batch", "--as-of", TODAY, "--dry-run")[-1] == "Personne n'est à relancer."


def test_letters_that_wait_to_be_printed_are_told_of(world):
    world.levels({"level": 1, "lower_bound": 0, "upper_bound": None, "channel": "letter"})
    world.invoice("FA-1")
    world.load()
    assert told(world, "batch", "--as-of", TODAY)[-1].startswith("1 courrier attend d'être imprimé : relance print ")


def test_an_explanation_tells_the_decision_and_what_comes_next(books):
    lines = told(books, "explain", "--document", "FA-2", "--as-of", TODAY)
    assert lines[0] == "FA-2 au 15/07/2026"
    assert lines[3:] == [
        "05/07/2026 100,00 € 0 relancée au niveau 1 15/07/2026 · Niveau 1",
        "31/12/2026 50,00 € 0 aucun niveau ne s'applique à cette date 26/12/2026 · Niveau 1",
    ]


def test_interest_is_computed_line_by_line(books):
    lines = told(books, "interest", "--document", "FA-1", "--as-of", AS_OF)
    assert lines[0] == "Pénalités de retard sur FA-1"
    assert lines[3].startswith("08/07/2026 15/07/2026 8 ")
    assert lines[-1].startswith("Indemnité forfaitaire de recouvrement : 40,00")


def test_an_invoice_in_time_owes_no_interest(books):
    assert told(books, "interest", "--document", "FA-1", "--as-of", "2026-07-07")[-1] == "Aucune pénalité n'est due."


@pytest.mark.spec("K24", "K25", "K27", "K36")
def test_the_follow_up_shows_whom_to_call_what_is_open_and_what_was_done(books):
    people = [contact("Germaine", roles=["main", "financial"], email_at_customer="g@travail.example"), contact("Hugo")]
    books.customer("C001", contacts=people)
    books.load()
    books.relance(
        "block", "--company", "ACME", "--document", "FA-1", "--kind", "manual", "--comment", "Appeler", env={"RELANCE_USER": "claire"}
    )
    lines = told(books, "arrears", "--customer", "C001")
    assert lines[0] == "Élise & Fils · client C001, niveau 0"
    assert "Germaine principal, financier g@travail.example" in lines
    assert not any("Hugo" in line for line in lines)
    assert any(line.startswith("FA-1 07/06/2026 07/07/2026") for line in lines)
    assert any("claire blocage C001 FA-1 relance manuelle bloquée non → oui, motif du blocage – → Appeler" in line for line in lines)


def test_the_history_shows_what_was_written(books):
    books.batch(TODAY)
    lines = told(books, "history", "--customer", "C001")
    assert any("15/07/2026 C001 1 e-mail c001@clients.example FA-1" in line and line.endswith("envoyée") for line in lines)
    assert any("relance envoyée C001" in line for line in lines)
    assert not any("C002" in line for line in lines)


def test_a_history_of_nothing_says_so(world):
    world.load()
    assert told(world, "history") == ["Rien n'a encore été écrit ni fait."]


@pytest.mark.spec("A47", "A51")
def test_lines_concerned_by_a_change_are_listed(books):
    lines = told(books, "set-level", "--level", "2", "--date", "2026-07-14", "--document", "FA-1", "--dry-run")
    assert lines[0] == "Rien n'est encore modifié"
    assert lines[-1].startswith("FA-1 1 0")
    assert told(books, "set-level", "--level", "2", "--date", "2026-07-14", "--current", "9", "--dry-run") == [
        "Aucune échéance n'est concernée."
    ]


@pytest.mark.spec("A39")
def test_a_change_by_hand_tells_what_was_and_what_is(books):
    lines = told(books, "set-level", "--level", "2", "--date", "2026-07-14", "--document", "FA-1")
    assert lines[0] == "Pièce N° Quoi Avant Après"
    assert lines[2:] == ["FA-1 1 niveau 0 2", "FA-1 1 relancé le 14/07/2026"]
    assert told(books, "set-level", "--level", "2", "--date", "2026-07-14", "--document", "FA-1") == ["Rien n'était à changer."]


def test_a_load_tells_how_much_it_created_and_found_again(world):
    world.invoice("FA-1")
    world.load()
    lines = [" ".join(line.split()) for line in world.try_load().out.splitlines()]
    assert "pièces 0 0 1" in lines


@pytest.mark.parametrize(
    ("locale", "said"), [("fr_FR.UTF-8", "statut de la relance"), ("en_GB.UTF-8", "notice status"), ("C", "notice status")]
)
def test_where_no_company_is_named_the_terminals_language_is_spoken(books, locale, said):
    notice = books.batch(TODAY).notices[0]["id"]
    answer = books.relance("cancel", notice, "--reason", "Erreur", env={"LC_ALL": locale}).done()
    assert said in answer.out
