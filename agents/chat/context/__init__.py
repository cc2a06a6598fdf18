"""What a searching model is shown of its steps: one policy a file, all of one Protocol."""
