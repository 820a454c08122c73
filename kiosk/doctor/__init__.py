"""`kiosk doctor`: what of this box is wrong, and how it is mended.

One file a subject; each gives findings. Nothing is imported here; start at `visit`.
"""
