"""Measures the rooms against their peers, in one run, with truth that the measured never see."""
