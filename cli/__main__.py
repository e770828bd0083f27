"""`python -m gatewright.cli` is the command too."""

from .main import main

main()
