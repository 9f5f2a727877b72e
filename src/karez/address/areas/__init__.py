"""Delivery areas: one readable file, which of its rules serves a place, and what is wrong with it."""
