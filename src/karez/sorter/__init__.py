"""Chute → divert: the link to the sorter's control (PLC), one driver folder for each protocol."""
