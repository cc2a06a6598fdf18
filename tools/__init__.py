"""What reaches outside: sources, their loaders and indexes, and pure text functions."""
