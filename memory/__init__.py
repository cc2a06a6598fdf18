"""What a run keeps: documents, evidence, the call ledger, the lease, checkpoints, provenance."""
