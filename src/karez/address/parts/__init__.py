"""Chinese address text cut into its parts: province to room, in the 21 labels of the NCAP scheme."""
