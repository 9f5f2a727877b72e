"""Telegrams in holding registers over Modbus TCP: driver (hub side), twin (PLC side) and their registers."""
