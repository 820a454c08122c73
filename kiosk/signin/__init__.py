"""The flow of a sign-in: one state, intents in, no terminal. Nothing is imported here; start at `flow`."""
