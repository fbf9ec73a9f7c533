"""How does a company get in and out? As a dossier: one JSON file that ``load`` reads and ``dump`` writes, history included."""

from relance.dossier.dumping import dump, set_up
from relance.dossier.faults import Fault, Faults
from relance.dossier.loading import LoadReport, load, load_part

__all__ = ["Fault", "Faults", "LoadReport", "dump", "load", "load_part", "set_up"]
