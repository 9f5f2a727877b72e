"""The map picture of `karez areas check --map`."""
