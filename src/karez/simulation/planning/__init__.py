"""A model of the loop that is fast enough to plan with: the hall's own events, in compiled loops over arrays."""
