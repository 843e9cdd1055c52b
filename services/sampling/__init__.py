"""The assurance sample as stored: planned, frozen, committed, drawn; each step with its event."""
