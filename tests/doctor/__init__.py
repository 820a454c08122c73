"""`kiosk doctor`."""
