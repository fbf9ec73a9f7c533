"""Can people be let in and shut out from the command line, and does the history say so?"""

from relance.models import Event, User


def test_a_user_is_added_with_a_password_that_is_shown_once_and_works(world):
    world.load()
    answer = world.relance("user", "add", "Claire@acme.example", "--company", "ACME", "--role", "collector").done()
    claire = User.objects.get(email="claire@acme.example")
    assert claire.check_password(answer.out.strip())
    assert claire.memberships.get().role == "collector"
    assert world.relance("user", "add", "claire@acme.example", "--company", "ACME", "--role", "manager").done().out == ""
    assert claire.memberships.get().role == "manager"


def test_the_history_keeps_who_was_given_which_role(world):
    world.load()
    world.relance("user", "add", "claire@acme.example", "--company", "ACME", "--role", "manager").done()
    world.relance("user", "remove", "claire@acme.example").done()
    told = Event.objects.filter(what__startswith="role_").order_by("number").values_list("what", "facts")
    assert list(told) == [
        ("role_given", {"user": "claire@acme.example", "before": None, "after": "manager"}),
        ("role_taken", {"user": "claire@acme.example", "before": "manager", "after": None}),
    ]


def test_a_removed_user_is_no_longer_listed_and_can_come_back(world):
    world.relance("user", "add", "root@acme.example", "--admin").done()
    assert world.relance("user", "list", "--json").done().json["users"] == [
        {"email": "root@acme.example", "name": "", "admin": True, "companies": {}}
    ]
    world.relance("user", "remove", "root@acme.example").done()
    assert world.relance("user", "list", "--json").done().json["users"] == []
    assert world.relance("user", "add", "root@acme.example").done().out.strip()
    assert not User.objects.get(email="root@acme.example").is_admin


def test_a_weak_password_and_an_unknown_company_are_refused_and_nobody_is_added(world):
    world.relance("user", "add", "claire@acme.example", "--company", "NONE").refused('no company "NONE"')
    world.relance("user", "add", "claire@acme.example", "--ask-password", stdin="short\nshort\n").refused()
    world.relance("user", "remove", "claire@acme.example").refused("claire@acme.example")
    assert not User.objects.exists()
