"""Karez runs a smart parcel hub: recognise, sort, hand over, measure."""

__version__ = "0.1.0"
