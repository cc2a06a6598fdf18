"""Measure retrieval and answers on a question set: behind `quaestor eval` and benchmarks/."""
