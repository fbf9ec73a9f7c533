"""Does any spoilt file do more than be refused? Samples are written here and mutated, byte by byte and element by element."""

import re

from hypothesis import given
from hypothesis import strategies as some

from relance.importers.einvoice import Invoice
from relance.importers.einvoice_file import read_einvoice
from relance.importers.problems import Unreadable
from tests.importers.einvoices import cii, facturx, message, ubl

SAMPLES = [cii(), ubl(), ubl(code="381"), cii(terms=(("2026-02-28", "70.00"), ("2026-03-31", "50.00"))), message("212", collected="1.00")]
SAMPLES += [message("225", payee="Factor SA", iban="FR7630006000011234567890189"), facturx()]
PIECES = [b"", b"<", b">", b"&", b"]]>", b"<!DOCTYPE a>", b"<![CDATA[", b"&#0;", b"&#x110000;", b"\0", b"\xff", b"-", b"9" * 400, b"1e9"]
PIECES += [
    b"0000-00-00",
    b"20260230",
    b"NaN",
    b"Infinity",
    "\N{ARABIC-INDIC DIGIT ONE}".encode(),
    b"<ram:ID/>",
    b"xmlns:ram='x'",
    b"\xef\xbb\xbf",
]
TEXTS = re.compile(rb">[^<>\s]+<")


def is_read_or_refused(content: bytes) -> None:
    try:
        read = read_einvoice(content)
    except Unreadable:
        return
    if isinstance(read, Invoice):
        assert read.total - read.prepaid == read.due == sum(one.amount for one in read.instalments)


@given(some.data(), some.sampled_from(SAMPLES))
def test_bytes_that_are_replaced_are_read_or_refused(data, sample):
    spoilt = sample
    for _ in range(data.draw(some.integers(1, 3))):
        start = data.draw(some.integers(0, len(spoilt)))
        piece = data.draw(some.one_of(some.sampled_from(PIECES), some.binary(max_size=8)))
        spoilt = spoilt[:start] + piece + spoilt[start + data.draw(some.integers(0, 40)) :]
    is_read_or_refused(spoilt)


@given(some.data(), some.sampled_from(SAMPLES[:-1]))
def test_values_that_are_replaced_are_read_or_refused(data, sample):
    found = data.draw(some.sampled_from(list(TEXTS.finditer(sample))))
    value = data.draw(some.one_of(some.sampled_from(PIECES), some.text(max_size=20).map(lambda text: text.encode("utf-8", "replace"))))
    is_read_or_refused(sample[: found.start() + 1] + value + sample[found.end() - 1 :])


@given(some.data(), some.sampled_from(SAMPLES[:-1]))
def test_elements_that_are_missing_or_twice_are_read_or_refused(data, sample):
    elements = list(re.finditer(rb"<([\w:]+)[^<>]*>[^<>]*</\1>", sample))
    found = data.draw(some.sampled_from(elements))
    is_read_or_refused(sample[: found.start()] + found[0] * data.draw(some.sampled_from([0, 2, 50])) + sample[found.end() :])
