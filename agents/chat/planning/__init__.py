"""What the planner's model is asked, and how code sifts what it plans."""
