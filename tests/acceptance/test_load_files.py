"""Which files are no dossiers at all? Refused with a reason, and nothing is created (contract, the dossier)."""

import pytest

NAMED = b'{"format": "relance/1", "company": {"code": "ACME", "name": "Acme"}, '

FILES = {
    "empty": b"",
    "not JSON": b"bonjour",
    "cut off": b'{"format": "relance/1", "company": {',
    "a list": b"[]",
    "a number": b"12",
    "null": b"null",
    "another format": b'{"format": "relance/2", "company": {"code": "ACME", "name": "Acme"}}',
    "no format": b'{"company": {"code": "ACME", "name": "Acme"}}',
    "no company": b'{"format": "relance/1"}',
    "not UTF-8": '{"format": "relance/1", "company": {"code": "ACME", "name": "Société"}}'.encode("latin-1"),
    "not a number": NAMED + b'"options": {"promise_grace_days": NaN}}',
    "a sea of brackets": b"[" * 100_000,
    "a deep object": b'{"format":' * 50_000,
    "a number of ten thousand digits": NAMED + b'"options": {"promise_grace_days": ' + b"9" * 10_000 + b"}}",
    "a lone surrogate": b'{"format": "relance/1", "company": {"code": "ACME", "name": "\\ud800"}}',
    "a null character": b'{"format": "relance/1", "company": {"code": "ACME", "name": "A\\u0000B"}}',
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_not_a_dossier_is_refused(world, name):
    world.try_load(FILES[name]).refused()
    world.relance("dump", "--company", "ACME").refused()


def test_a_file_that_is_not_there_is_refused(relance, tmp_path):
    assert relance("load", tmp_path / "nowhere.json").exit_code in (1, 2)


def test_a_folder_is_no_dossier(relance, tmp_path):
    assert relance("load", tmp_path).exit_code in (1, 2)
