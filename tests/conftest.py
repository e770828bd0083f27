"""What all tests share: no property has to hold within a time, for machines differ and are busy at times."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("gatewright", deadline=None)
settings.load_profile("gatewright")
