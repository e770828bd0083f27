"""How fast this machine is just now, so that a limit of seconds holds on a slow or busy one too."""

from __future__ import annotations

import time

USUAL = 0.045  # seconds of processor time that the work below takes on a machine with nothing else to do


def slowness() -> float:
    """How many times as long as usual a fixed piece of work takes here; at least 1."""
    begin = time.process_time()
    sum(number * number for number in range(1_000_000))
    return max(1.0, (time.process_time() - begin) / USUAL)


def within(seconds: float, limit: float) -> bool:
    """Whether some work took less than `limit` seconds, by the clock of a machine of the usual pace."""
    return seconds < limit or seconds < limit * slowness()
