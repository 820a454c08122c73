"""The embedded Smart Login service: LoginRadius' protocol for demos, tests and small operators.

Imports nothing of `kiosk` outside itself: two readings of one contract check each other. `server` is the door that the
command line uses; importing it costs nothing until a service is started.
"""
