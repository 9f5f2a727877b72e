"""Measures the resolver of addresses beside its peers: on labelled rows of China, and on the Kashi region."""
