"""What other systems take from a release each night: scores and the queue as files, what changed in them, and word of it."""
