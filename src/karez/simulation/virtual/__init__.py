"""The virtual twin: the real control code on a clock that is only counted, without sockets, for proofs under faults."""
