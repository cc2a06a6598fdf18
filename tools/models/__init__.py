"""The one seam to language models: endpoints, calls through the ledger, structured replies."""
