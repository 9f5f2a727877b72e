"""OSIP, openWMS's telegrams of fixed width over TCP: driver (hub side), twin (PLC side) and their wire."""
