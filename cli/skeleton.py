"""A pack to begin with: the small files in `skeletons`, with its names filled in.

They load, `pack lint` finds nothing in them, and their cases pass.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from ..engine import document
from ..engine.pack import Pack

_FILES = Path(__file__).parent / "skeletons"


def over(base: Pack, name: str, gate: str, extends: str) -> dict[str, str]:
    """The files, by their names, of a pack that extends `base` by one gate before its last; `base` has two gates at least."""
    bundle = next((checklist.id for checklist in base.checklists if checklist.of_bundle), "")
    files = _filled("over", name, gate, base=base.id, extends=extends, before=base.gates[-2].id, bundle=bundle)
    return files if bundle else {file: text for file, text in files.items() if not file.startswith("bundle.")}


def alone(name: str, gate: str) -> dict[str, str]:
    """The files, by their names, of a pack of its own."""
    return _filled("alone", name, gate)


def _filled(kind: str, name: str, gate: str, **names: str) -> dict[str, str]:
    said = document.read((_FILES / f"{kind}.yaml").read_bytes(), f"{kind}.yaml").root.entries
    names |= {"id": name, "gate": gate, "section": gate.replace("-", "_"), "title": gate.replace("-", " ").capitalize()}
    return {Template(file).substitute(names): Template(entry.value.raw).substitute(names) for file, entry in said.items()}
