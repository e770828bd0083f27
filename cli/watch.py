"""Does something again whenever files change, until Ctrl-C."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..engine.errors import CannotJudge, Problem

Seen = dict[str, tuple[int, int, int]]
# Milliseconds: changes that follow each other this closely are one, to the limit; and what a first look waits at most.
_TOGETHER, _LONGEST, _FIRST = 50, 400, 500


def each_change(look: Callable[[], tuple[Iterable[str], Iterable[str]]], act: Callable[[], None]) -> None:
    """Call `act`, and again after each change of the files, until Ctrl-C or until there is nothing left to watch.

    `look` says which files matter, and in which folders they and new ones are. Raises CannotJudge where the library
    is absent that watches folders, or can't watch so many.
    """
    try:
        import watchfiles
    except ImportError:
        raise _refusal("`--watch` needs the package `watchfiles`", "pip install 'gatewright[watch]'") from None
    gc.enable()  # a command that ends at once is quicker without; this one stays
    seen: Seen | None = None
    try:
        while True:
            files, watched = look()
            folders = _there(watched)
            # Signatures are taken before the files are read, and again once the watch is on: no change is missed.
            for _ in _hints(watchfiles.watch, folders):
                files, watched = look()
                new = _signatures(files)
                if new != seen:
                    seen = new
                    act()
                if _there(watched) != folders:
                    break
            if not _there(watched):
                return
    except KeyboardInterrupt:
        return
    except OSError as error:
        raise _refusal(f"the folders can't be watched: {error.strerror or error}") from None


def _hints(watch: Callable[..., Iterable[object]], folders: set[str]) -> Iterator[None]:
    """Yields at once, again when the folders are watched, and then whenever something in them has changed."""
    yield
    times: Any = {"step": _TOGETHER, "debounce": _LONGEST, "rust_timeout": _FIRST, "yield_on_timeout": True}
    begun = False
    try:
        for changes in watch(*sorted(folders), recursive=False, watch_filter=None, **times) if folders else ():
            if changes or not begun:
                begun = True
                yield
    except FileNotFoundError:  # a folder that was there a moment ago
        return


def _there(folders: Iterable[str]) -> set[str]:
    return {folder for folder in folders if os.path.isdir(folder)}


def _signatures(files: Iterable[str]) -> Seen:
    """What tells that a file has changed, of those that there are."""
    seen: Seen = {}
    for file in files:
        try:
            found = os.stat(file)
        except (OSError, ValueError):
            continue
        seen[file] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return seen


def _refusal(what: str, help: str = "") -> CannotJudge:
    return CannotJudge([Problem("usage", what, help=help)])
