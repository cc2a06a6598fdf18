"""Pure functions over text: words, sentences, passages, similarity."""
