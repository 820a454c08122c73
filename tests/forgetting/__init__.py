"""Nothing of the last person stays: a running app is asked what it still holds."""
