"""A hall with no hardware: demand, labels, camera, the sorter and its PLC, and the judge who knows the truth."""
