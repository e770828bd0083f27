"""A report as one HTML page that needs nothing else, one module an answer."""
