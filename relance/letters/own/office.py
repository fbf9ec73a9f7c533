"""How does LibreOffice turn letters into another format? Many in one call, with a profile of its own, and with nothing to fetch.

It is asked, not needed: where it is not installed, letters stay in the format that Relance writes itself.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from relance.letters.own import draft_mark
from relance.letters.typesetter import LetterProblem

AT_ONCE = 40  # documents in one call
SECONDS = 60.0  # for a call, and as much again for every AT_ONCE documents in it
_FILTERS = {
    "pdf": 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}',  # PDF/A-2b
    "docx": "docx:MS Word 2007 XML",
    "odt": "odt:writer8",
    "rtf": "rtf:Rich Text Format",
    "html": "html:HTML (StarWriter):EmbedImages",
}
_MENDED = {"rtf": draft_mark.placed_in_rtf}
# No macro runs, no link is followed, and what would be fetched all the same is asked of a port where nobody answers.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    + "</oor:items>\n"
)


def installed() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


class Office:
    """LibreOffice with a profile of its own, which lasts as long as this object is open."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="relance-office-", ignore_cleanup_errors=True)
        self._calls = 0
        user = Path(self._folder.name) / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE)

    def convert(self, documents: Iterable[bytes], suffix: str, to: str) -> Iterator[bytes | LetterProblem]:
        """Each document, or why it could not be converted, in the order given; some of them are in memory at a time."""
        waiting = iter(documents)
        while some := list(islice(waiting, AT_ONCE)):
            yield from self._together(some, suffix, to)

    def close(self) -> None:
        """Forget the profile."""
        self._folder.cleanup()

    def _together(self, documents: list[bytes], suffix: str, to: str) -> list[bytes | LetterProblem]:
        """Those converted in one call; what one of them may have spoiled for the others is tried again, each by itself."""
        made = self._call(documents, suffix, to)
        if None in made and len(documents) > 1:
            made = [
                one if one is not None else self._call([document], suffix, to)[0] for one, document in zip(made, documents, strict=True)
            ]
        return [LetterProblem(f"LibreOffice cannot turn this letter into {to.upper()}") if one is None else one for one in made]

    def _call(self, documents: list[bytes], suffix: str, to: str) -> list[bytes | None]:
        self._calls += 1
        folder = Path(self._folder.name) / str(self._calls)
        made = folder / "made"
        made.mkdir(parents=True)
        names = [folder / f"{number}.{suffix}" for number in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            name.write_bytes(document)
        self._run(["--convert-to", _FILTERS[to], "--outdir", str(made), *map(str, names)], SECONDS * (1 + len(documents) / AT_ONCE))
        found = [made / f"{number}.{to}" for number in range(len(documents))]
        contents = [_MENDED.get(to, bytes)(one.read_bytes()) if one.exists() else None for one in found]
        shutil.rmtree(folder, ignore_errors=True)
        return contents

    def _run(self, arguments: list[str], seconds: float) -> None:
        program = installed()
        if program is None:
            raise RuntimeError("LibreOffice is not installed")
        profile = (Path(self._folder.name) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck", "--nodefault", *arguments]
        office = subprocess.Popen(  # noqa: S603 - a program of the system, and names of our own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            office.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with suppress(ProcessLookupError):  # the program proper is a child of the one that was started
                os.killpg(office.pid, signal.SIGKILL)
            office.wait()
