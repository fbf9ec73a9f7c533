"""Is every letter set in the faces that were chosen, whichever worker sets it?"""

import functools
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from relance.letters import typesetter
from relance.letters.typesetter import Typesetter, fonts_folder


def test_workers_that_start_at_once_are_given_one_folder_that_stays(monkeypatch):
    make, all_made = tempfile.TemporaryDirectory, []

    def made(**named):
        time.sleep(0.05)  # long enough for the others to ask
        all_made.append(make(**named))
        return all_made[-1]

    monkeypatch.setattr(tempfile, "TemporaryDirectory", made)
    monkeypatch.setattr(typesetter, "_fonts", functools.cache(typesetter._fonts.__wrapped__))
    with ThreadPoolExecutor(4) as pool:
        folders = {one.result() for one in [pool.submit(fonts_folder) for _ in range(4)]}
    assert folders == {one.name for one in all_made}
    assert len(folders) == 1
    assert len(list(Path(folders.pop()).iterdir())) == 3
    for one in all_made:
        one.cleanup()


def test_nothing_is_set_where_the_faces_are_gone(tmp_path):
    with pytest.raises(FileNotFoundError):
        Typesetter(str(tmp_path))
