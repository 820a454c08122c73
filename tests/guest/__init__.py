"""The box for real: Debian with the package on it, in a machine that QEMU emulates, seen on its first console.

On demand alone, since it takes a quarter of an hour: `python -m tests.guest`. See packaging/guest.md.
"""
