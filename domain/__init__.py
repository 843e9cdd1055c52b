"""The policy of the product: values in, values out. No I/O, clock, randomness or ORM."""
