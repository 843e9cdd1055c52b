"""What is chosen, ordered and judged of a sample, without a database."""
