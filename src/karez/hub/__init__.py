"""The running hub: the story of a parcel, the control loop, its readers, its door, its alarms."""
