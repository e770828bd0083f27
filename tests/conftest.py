"""What all tests share: how properties are searched, how signals reach the processes they start, what is collected."""

from __future__ import annotations

import gc
import signal

from hypothesis import settings

settings.register_profile("gatewright", deadline=None)  # machines differ and are busy at times
settings.load_profile("gatewright")

# A shell that starts the suite in the background has it ignore Ctrl-C, and every process that a test starts would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What collecting thousands of tests has made stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
