"""Remote controls."""
