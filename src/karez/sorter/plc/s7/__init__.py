"""Telegrams in a data block over S7 communication: driver (hub side), twin (PLC side) and how the block is reached."""
