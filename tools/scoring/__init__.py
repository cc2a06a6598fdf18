"""How well texts fit queries: by words, embeddings or a cross-encoder, all through the ledger."""
