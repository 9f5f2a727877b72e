"""Telegrams as newline-delimited JSON over TCP: driver (hub side), twin (PLC side) and their wire."""
