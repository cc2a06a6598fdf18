"""Research over your own documents and the web at once, traceable to the bytes it read."""
