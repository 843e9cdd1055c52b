"""The assurance sample: planned, drawn and judged with whole numbers and fractions."""
