"""What the writer's model is asked, and how code turns sentences and ids into a report."""
