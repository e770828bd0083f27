"""A small pack, and overlays over it, written as files."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import random_packs
import yaml
from test_pack_loader import simple

Said = dict[str, Any]
TEXTS = {"text": "T", "mend": "M"}
ROW = {"signal": "S", "alternative": {"choice": "go", "text": "G"}, "tradeoff": "T"}


def base(folder: Path) -> Path:
    """The small pack, with limits in use, a second criterion of a gate and a signal that stands on a criterion."""
    said = copy.deepcopy(simple())
    said["gates"][0]["exit"] += [
        {
            "id": "numbers",
            **TEXTS,
            "all": [{"fact": "s.number", "at_least": "some"}, {"fact": "s.rows[].value", "at_most": "many"}],
        },
        {"id": "owned", **TEXTS, "all": [{"fact": "s.owner", "named": True}]},
        {"id": "checked", **TEXTS, "all": [{"fact": "s.text", "pinned": True}]},
        {"id": "calm", **TEXTS, "all": [{"signal": "shaky", "is": False}]},
        {"id": "either", **TEXTS, "any": [{"fact": "s.text"}, {"fact": "s.texts"}]},
    ]
    said["signals"] += [
        {"id": "shaky", "title": "S", "all": [{"criterion": "checked"}, {"fact": "s.number", "at_least": "two"}]},
        {"id": "always", "title": "A", "all": [{"fact": "s.text"}]},
    ]
    return random_packs.write(said, folder)


def overlay(folder: Path, extends: str = "../base", **files: Any) -> Path:
    """An overlay: `pack`, `facts`, `bundle`, `antipatterns`, and gates and tables as `gates_one`, `decisions_table`."""
    own = {"id": "own", "version": "1", "title": "Own", "source": "a test", "extends": extends}
    for name, said in ({"pack": {}} | files).items():
        path = folder / (name.replace("_", "/", 1) + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        content = own | said if name == "pack" else said
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return folder


def gate(name: str, *criteria: Said, **more: Any) -> Said:
    """A gate of an overlay's own."""
    entry = {"id": f"{name}-entry", **TEXTS}
    own = list(criteria) or [{"id": f"{name}-done", **TEXTS, "all": [{"fact": "s.text"}]}]
    return {"id": name, "title": "G", "needs": [], "entry": entry, "exit": own, **more}


def row(name: str, when: str, choice: str) -> Said:
    """A row of an overlay's own."""
    return {"id": name, "when": when, "default": {"choice": choice, "text": "C"}, **ROW}


def choices(*added: str) -> Said:
    """What makes choices known to the fact in which the policy is declared."""
    return {"sections": [{"id": "s", "facts": {"s.policy": {"choices": list(added)}}}]}
