"""What the searcher's model is shown, and how code reads what it chooses."""
