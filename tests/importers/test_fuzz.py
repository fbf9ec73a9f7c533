"""Does any sequence of bytes make an importer raise, hang or grow?"""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.fuzzed import IMPORTERS, SEEDS, read_anything
from tests.importers.ledgers import DATA

ROOT = Path(__file__).parents[2]
SECONDS = 20  # for each importer


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A seed with some bytes of it put elsewhere, left out, doubled or replaced."""
    content = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        first, last = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        torn = st.sampled_from([b"\n", b'"', b";;;", b"\0", b"9" * 40])
        piece = draw(st.one_of(st.binary(max_size=8), st.just(content[first:last]), torn))
        content = content[:first] + piece + content[draw(st.sampled_from([first, last])) :]
    return content


@pytest.mark.parametrize("name", IMPORTERS)
@given(content=st.one_of(st.binary(max_size=400), spoilt()))
def test_any_bytes_are_read_or_refused_in_words(name, content):
    read_anything(name, content)


@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside the project")
@pytest.mark.parametrize("name", IMPORTERS)
def test_every_real_file_is_read_or_refused_by_every_importer(name):
    for path in sorted(DATA.parent.rglob("*")):
        if path.is_file():
            read_anything(name, path.read_bytes())


@pytest.mark.proof
@pytest.mark.skipif(sys.platform != "linux", reason="the fuzzer runs on Linux")
@pytest.mark.parametrize("name", IMPORTERS)
def test_no_input_that_a_fuzzer_finds_raises_hangs_or_grows(name, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS):
        (corpus / str(number)).write_bytes(seed)
    command = [sys.executable, "-m", "tests.importers.fuzzed", name, str(SECONDS), str(corpus)]
    ended = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
