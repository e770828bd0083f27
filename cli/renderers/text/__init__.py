"""Plain text for a terminal or a CI log, one module an answer."""
