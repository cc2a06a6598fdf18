"""A person's own files as a source: walk, load, index, search."""
