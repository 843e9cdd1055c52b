"""What an assurance sample is asked to show, and the plan that follows from a population."""
