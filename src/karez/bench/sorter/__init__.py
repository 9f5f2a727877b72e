"""`karez bench sorter`: a whole hub at a fixed rate of decisions over its real protocol, and what it took to answer."""
