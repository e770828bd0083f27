"""The commands, one a file. Each reads its input, asks the engine, renders the answer and ends with the exit code."""
