"""OPC UA: the hub calls the PLC's server; telegrams in a ring of tags, orders by method or by tags."""
