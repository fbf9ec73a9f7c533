"""How much of the engine's own speed is left when letters are issued: taken up, checked, set, archived, their levels stored?

Run it with ``make bench`` or ``python bench/letters.py [sqlite|postgresql] [letters]``. The measure is the engine alone: as many worker
processes as issuing has, each with typst and with the finished contents of its share of the same letters, doing nothing but set them. The
two take turns of a few seconds, so that whatever else the machine does slows both alike; only the turns are counted.
"""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

LETTERS = 5_000
PROCESSES = 2
BOUND = 0.70
TURN = 2.0  # seconds


def main(arguments: list[str]) -> None:
    """Measure on each database named, and print the ratios."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    letters = next((int(word) for word in arguments if word.isdigit()), LETTERS)
    for kind in kinds:
        print(_measured(kind, letters), flush=True)


def _measured(kind: str, letters: int) -> str:
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder:
        issuing = _start("--issue", kind, str(letters), folder)
        engine = _start("--engines", folder)
        clock = _taking_turns(issuing, engine)
        issued, alone, merged = json.loads(issuing.stdout.readline()), json.loads(engine.stdout.readline()), _go(issuing)
        assert [issuing.wait(), engine.wait()] == [0, 0]
    speeds = letters / clock[engine], letters / clock[issuing]
    memory = issued["memory"]
    return (
        f"{kind} {letters:,} letters: the engine alone {speeds[0]:.0f}/s, issued {speeds[1]:.0f}/s = {speeds[1] / speeds[0]:.0%} of it, "
        f"{alone['processors'] / issued['processors']:.0%} by processor time (bound {BOUND:.0%}); memory of the issuing process "
        f"{memory[len(memory) // 10]} MB after a tenth of the time, {max(memory)} MB at most; then one file of them all: "
        f"{merged['seconds']:.1f} s, {merged['size']} MB, memory {merged['memory']} MB"
    )


def _start(*arguments: str) -> "subprocess.Popen[str]":
    """A part of the bench in a process group of its own, once it is ready to begin."""
    started = subprocess.Popen(
        [sys.executable, __file__, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert started.stdout.readline() == "ready\n"
    return started


def _taking_turns(*parts: "subprocess.Popen[str]") -> dict["subprocess.Popen[str]", float]:
    """Let one part work while the others stand still, turn after turn, until each has answered; the seconds of each."""
    clock, under_way = dict.fromkeys(parts, 0.0), list(parts)
    for part in parts:
        os.killpg(part.pid, signal.SIGSTOP)
        _tell(part)
    while under_way:
        for part in list(under_way):
            os.killpg(part.pid, signal.SIGCONT)
            began = time.perf_counter()
            if select.select([part.stdout], [], [], TURN)[0]:
                under_way.remove(part)
            else:
                os.killpg(part.pid, signal.SIGSTOP)
            clock[part] += time.perf_counter() - began
    return clock


def _go(part: "subprocess.Popen[str]") -> Any:
    """Let a part go on alone, and hear its answer."""
    _tell(part)
    return json.loads(part.stdout.readline())


def _tell(part: "subprocess.Popen[str]") -> None:
    part.stdin.write("go\n")
    part.stdin.flush()


# -- what is measured


def issue(kind: str, letters: int, folder: Path) -> None:
    """Issue so many letters once told to; answer what it took, and what putting them into one file took after that."""
    import place

    with place.database(kind):
        company, run = _stored(letters)
        _prepare(run, folder)
        _wait("ready")
        memory: list[int] = []
        before = _processors()
        with _watched(memory):
            _print(company, run, letters)
        _wait(json.dumps({"processors": _processors() - before, "memory": memory}))
        memory, began = [], time.perf_counter()
        with _watched(memory):
            _write(run, folder / "letters.pdf")
        size = (folder / "letters.pdf").stat().st_size >> 20
        print(json.dumps({"seconds": time.perf_counter() - began, "size": size, "memory": max(memory)}))


def _stored(letters: int) -> tuple[Any, Any]:
    """A company that writes from a French address with a bank account, and a run of letters waiting to be issued."""
    import ledger

    from relance.core.edition import EditionRequest
    from relance.models import Company
    from relance.steps import proposing

    company = ledger.fill(letters, per_customer=1)
    identity = {"address": "1 quai Neuf\n49400 Saumur", "iban": "FR1420041010050500013M02606", "bic": "BQEXFRPPXXX", "siren": "123456782"}
    Company.objects.filter(pk=company.pk).update(**identity)
    company.refresh_from_db()
    return company, proposing.store_run(proposing.Session(company, ledger.AS_OF, request=EditionRequest(ledger.AS_OF, level=1)), "bench")[0]


def _prepare(run: Any, folder: Path) -> None:
    """The finished contents of the run's letters, in a file for each process."""
    from relance.letters.page import page
    from relance.models import Notice
    from relance.models.outgoing.frozen import read
    from relance.models.outgoing.letter_data import letter_data

    contents = [json.dumps(page(letter_data(notice, run.settings, run.as_of))) for notice in read(Notice.objects.filter(run=run))]
    for number in range(PROCESSES):
        (folder / f"{number}.jsonl").write_text("\n".join(contents[number::PROCESSES]))


def _print(company: Any, run: Any, letters: int) -> None:
    from relance.steps import issuing

    assert issuing.print_letters(company, run, "bench").printed == letters


def _write(run: Any, out: Path) -> None:
    from relance.steps import issuing, reprinting

    issuing.write_letters(reprinting.letters_of(run), out)


def engines(folder: Path) -> None:
    """Let the engine alone set the same letters in as many processes, once told to; answer what it took."""
    _wait("ready")
    environment = os.environ | {"RAYON_NUM_THREADS": "1"}
    shares = [str(folder / f"{number}.jsonl") for number in range(PROCESSES)]
    started = [subprocess.Popen([sys.executable, __file__, "--engine", share], env=environment) for share in shares]
    assert [one.wait() for one in started] == [0] * PROCESSES
    print(json.dumps({"processors": _processors()}))


def engine(contents: Path) -> None:
    """Set every page of a file, and nothing else."""
    from relance.letters.typesetter import own_typesetter

    compiler = own_typesetter()._compiler("letter")
    for line in contents.open():
        at = datetime.fromisoformat(json.loads(line)["date"]).replace(tzinfo=UTC)
        assert compiler.compile(format="pdf", sys_inputs={"data": line}, pdf_standards="a-2b", pdf_tags=True, timestamp=at)


# -- how it is measured


def _wait(answer: str) -> None:
    print(answer, flush=True)
    sys.stdin.readline()


@contextmanager
def _watched(memory: list[int]) -> Iterator[None]:
    """Note the memory of this process, in megabytes, ten times a second."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            memory.append(pages * resource.getpagesize() >> 20)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _processors() -> float:
    """Seconds of the processors so far, those of ended children included."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--issue", kind, letters, folder]:
            issue(kind, int(letters), Path(folder))
        case ["--engines", folder]:
            engines(Path(folder))
        case ["--engine", contents]:
            engine(Path(contents))
        case arguments:
            main(arguments)
