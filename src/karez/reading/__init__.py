"""Frames → reading: locate the label, decode its codes, read its text, and say what is certain."""
