"""JSON: the same bytes for the same answer, one module an answer. Keys are a contract, see docs/json.md."""
