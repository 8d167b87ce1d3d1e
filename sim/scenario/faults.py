"""What is wrong with a scenario, told where it stands."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from sim import findings
from sim.errors import Fault
from sim.scenario.document import Document


def told(error: ValidationError, model: type[BaseModel], document: Document) -> list[Fault]:
    """Every fault of a document, each once.

    Args:
        error: what pydantic found.
        model: of the whole document.
        document: what the file says, and where.
    """
    faults = []
    for found in error.errors(include_url=False):
        trail = tuple(x for x in found["loc"] if x != "[key]")
        fault = Fault(document.where(trail), *findings.told(found, model))
        if fault not in faults:
            faults.append(fault)
    return faults
