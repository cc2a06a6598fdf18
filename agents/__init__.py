"""One step a file: planner, searcher, refiner, synthesizer, verifier."""
