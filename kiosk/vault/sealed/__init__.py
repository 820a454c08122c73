"""A keyring of ours for boxes without a desktop: one sealed file.

The bytes are `seal`'s, the file on the disk is `place`'s, the key is `keys`', and `backend` makes a keyring of the
three. Nothing is imported here; `cryptography` and `keyring` come with `seal` and `backend`, when the file is used.
"""
