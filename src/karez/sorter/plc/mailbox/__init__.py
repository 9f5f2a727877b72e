"""Telegrams through a PLC's memory: a block of words with two headers and two rings, for Modbus, S7 and their like."""
