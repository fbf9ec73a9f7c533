"""What is one object of the file? Its values by key, and the place where it stands."""

from typing import Any


class Mark:
    """A value that no file can hold."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


REQUIRED = Mark("REQUIRED")  # the default of a key that has none
BROKEN = Mark("BROKEN")  # in place of a value that could not be read


class Entry(dict[str, Any]):
    """One object of the file: as JSON gives it, then, once read, with what its columns hold."""

    __slots__ = ("place", "twice")
    place: tuple[str | int, ...]
    twice: tuple[str, ...]  # keys that stand in it more than once

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = () if len(self) == len(pairs) else _repeated(pairs)


def _repeated(pairs: list[tuple[str, Any]]) -> tuple[str, ...]:
    seen: set[str] = set()
    return tuple(dict.fromkeys(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
