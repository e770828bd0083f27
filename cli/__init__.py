"""The command line: all that touches the world."""
