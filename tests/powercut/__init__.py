"""The real program, killed at every point of a sign-in and started again."""
