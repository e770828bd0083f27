"""What all tests share: no property has to hold within a time, for machines differ and are busy at times."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("gatewright", deadline=None)
settings.load_profile("gatewright")


def pytest_collection_finish() -> None:
    """What collecting thousands of tests has made stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
