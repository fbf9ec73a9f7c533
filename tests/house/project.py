"""Which files are the project's own? Those that stand in its folders, kept or about to be."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = (".ci", "bench", "docs", "relance", "tests", "tools")
_TEXT = {"", ".css", ".csv", ".html", ".in", ".json", ".md", ".po", ".py", ".svg", ".toml", ".txt", ".typ"}


def text_files(*suffixes: str, under: str = "") -> Iterator[Path]:
    """Every text file of the project, those with one of the suffixes where any is given, in the order of their paths."""
    places = [ROOT / under] if under else [ROOT / folder for folder in _FOLDERS]
    found = [path for place in places for path in place.rglob("*")] + ([] if under else list(ROOT.iterdir()))
    kept = [path for path in found if path.is_file() and path.suffix in (suffixes or _TEXT) and not _is_made(path)]
    yield from sorted(kept)


def _is_made(path: Path) -> bool:
    """Whether the file is written by a tool, or says something about this checkout alone."""
    return path.name == ".git" or any(part == "__pycache__" or part.endswith(".egg-info") for part in path.parts)
