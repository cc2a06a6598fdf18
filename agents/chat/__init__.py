"""The roles a language model takes; each falls back to its extractive make."""
