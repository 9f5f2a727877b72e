"""`karez soak`: a whole hub that is killed, cut off and filled up while parcels come, and what it must keep."""
