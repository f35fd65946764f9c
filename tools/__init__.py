"""Programs for the work on this repository."""
