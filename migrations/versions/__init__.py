"""One file a migration, in their order; a released one is never edited."""
