"""Wiring only: state, nodes of a few lines, builders."""
