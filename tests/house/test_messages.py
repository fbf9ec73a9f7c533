"""Is everything that pages say in every catalog, and translated?"""

import re

import pytest
from babel.messages.catalog import Message

from tools.messages import CATALOGS, read, said

NAMES = re.compile(r"%\(\w+\)s|%s|%d|\{\w*\}")


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_a_catalog_holds_what_pages_say_and_nothing_else(path):
    assert {(message.context, message.id) for message in read(path) if message.id} == said()


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_nothing_is_left_untranslated(path):
    assert [message.id for message in read(path) if message.id and (message.fuzzy or not all(strings(message)))] == []


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_a_translation_names_what_its_original_names(path):
    assert [
        message.id
        for message in read(path)
        if message.id and {names(text) for text in strings(message)} - {names(one) for one in originals(message)}
    ] == []


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def originals(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def names(text: str) -> frozenset[str]:
    return frozenset(NAMES.findall(text))
