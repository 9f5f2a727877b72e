"""What has happened, kept: append, read, project; and the pictures and erasable texts beside it."""
