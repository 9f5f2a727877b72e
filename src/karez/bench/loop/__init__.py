"""An open benchmark of a loop sorter: instances, a scorer that checks a result physically, and three policies."""
