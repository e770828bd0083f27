"""The environment: lock files, requirements, and the images that a Dockerfile builds on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...engine.sources import Source
from .found import At, Finding, Says, Shortfall
from .tree import Tree

# Lock files, and what each holds wherever it locks something.
_LOCKS = {
    "uv.lock": b"[[package]]",
    "poetry.lock": b"[[package]]",
    "pdm.lock": b"[[package]]",
    "pylock.toml": b"[[packages]]",
    "Pipfile.lock": b"sha256:",
    "pixi.lock": b"sha256:",
    "conda-lock.yml": b"sha256:",
}
_MAX_LOCK = 32 << 20  # bytes; they are searched and not parsed
_REQUIREMENTS = ("requirements*.txt", "requirements/*.txt", "requirements*.lock")
_DOCKERFILES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile")
_MOST_NAMED = 5
# A requirement: its name, extras, and what has to stand between it and a marker or comment for it to be pinned.
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)")
_PIN = re.compile(r"={2,3}\s*[^\s,;*]+|@\s*\S+(?:@[0-9a-f]{40}|#sha256=[0-9a-f]{64})\S*")
_HASH = re.compile(r"--hash[= ]sha(?:256|384|512):[0-9a-f]+")
_OPTION = re.compile(r"\s--?[a-z].*")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_FROM = re.compile(r"\s*FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?\s*", re.IGNORECASE)


def collect(tree: Tree, table: Source) -> Iterator[Finding]:
    """What fixes the environment, and what does not."""
    locks: list[At] = []
    for name, marker in _LOCKS.items():
        locks += [At(file, 1) for file in tree.named(name) if marker in (tree.read(file, _MAX_LOCK) or b"")]
    for file in tree.named(*_REQUIREMENTS):
        if tree.beside(file, "MLmodel"):  # MLflow wrote it for a model, and not for the project
            continue
        requirements = list(_requirements(tree.text(file) or ""))
        held = {name.lower() for _, name, pinned, _ in requirements if pinned}  # a name may stand twice
        loose = [(line, name) for line, name, _, _ in requirements if name.lower() not in held]
        if loose:
            what = f"{_some([name for _, name in loose])} not pinned to one version"
            yield Shortfall(At(file, loose[0][0]), what, "pin each with `==`, best in a lock file with hashes")
        elif requirements and all(hashed for *_, hashed in requirements):
            locks.append(At(file, 1))
        elif requirements:
            what = "every requirement is pinned and not every one has a hash, so what is installed may still change"
            yield Shortfall(At(file, 1), what, "write it with `uv export` or `pip-compile --generate-hashes`")
    fixed: list[At] = []
    moving = False
    for file in tree.named(*_DOCKERFILES):
        for line, image in _images(tree.text(file) or ""):
            here = At(file, line, "FROM")
            if _DIGEST.search(image):
                fixed.append(here)
            else:
                moving = True
                what = f"the image `{image}` is named by its tag and not by its digest, so what is built on may change"
                yield Shortfall(here, what, "add the digest: `@sha256:...`")
    locks = [at for at in locks if "/" not in at.file]  # one further down may be of something else
    if locks:
        both = bool(fixed) and not moving
        yield Says(locks[0], {"lock file and FROM" if both else "lock file": locks[0].file})


def _requirements(text: str) -> Iterator[tuple[int, str, bool, bool]]:
    """The requirements of a file: line, name, whether it is pinned to one version, and whether it has a hash."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        begin, line = number + 1, lines[number]
        while line.endswith("\\") and number + 1 < len(lines):
            number += 1
            line = line[:-1] + " " + lines[number].strip()
        number += 1
        line = re.sub(r"(?:^|\s)#.*", "", line).strip()
        found = _NAME.match(line)
        if found:
            bare = _OPTION.sub("", found[2]).strip()
            yield begin, found[1], bool(_PIN.fullmatch(bare)), bool(_HASH.search(line))


def _images(text: str) -> Iterator[tuple[int, str]]:
    """The images that a Dockerfile builds on, each with its line; not its own stages, and none that is filled in later."""
    stages = {"scratch"}
    for number, line in enumerate(text.split("\n"), 1):
        found = _FROM.fullmatch(line)
        if found and found[1].lower() not in stages and "$" not in found[1]:
            yield number, found[1]
        if found and found[2]:
            stages.add(found[2].lower())


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{shown}{more} {'is' if len(names) == 1 else 'are'}"
