"""What a value may be: each check gives the value to use, or raises ValueError with what it must be.

What a check needs of other rooms is imported when something has been set that it has to look at, which is seldom.
"""

from collections.abc import Callable

LONGEST_LOGO = 24


def text(value: object) -> str:
    """One line of text."""
    if not isinstance(value, str) or any(ord(character) < 32 for character in value):
        raise ValueError("must be a line of text")
    return value.strip()


def whole(least: int, most: int, unit: str) -> Callable[[object], int]:
    """A whole number, also one that is written as text."""

    def check(value: object) -> int:
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip().lstrip("0")[:7] or 0)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number of {unit}, {least} to {most}")
        return value

    return check


def switch(value: object) -> bool:
    """On or off: a boolean of TOML, or a word for one."""
    word = value if isinstance(value, bool) else _SWITCH.get(text(value).lower())
    if word is None:
        raise ValueError("must be true or false")
    return word


_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def api_url(value: object) -> str:
    """The base address of a Smart Login service."""
    from kiosk.smartlogin.address import check_api_url

    return check_api_url(text(value))


def language(value: object) -> str:
    """A language that we speak, or nothing."""
    from kiosk.language import check_language

    return check_language(text(value))


def keyring_name(value: object) -> str:
    """A keyring."""
    from kiosk.vault.keyrings import check_keyring_name

    return check_keyring_name(text(value))


def key_sequence(value: object) -> str:
    """The long sequence of keys."""
    from kiosk.lockdown.keys import check_keys

    return check_keys(text(value))


def pin_hash(value: object) -> str:
    """A PIN as `kiosk pin` prints it, or nothing."""
    from kiosk.lockdown.pin import check_pin_hash

    return check_pin_hash(text(value))


def key_table(value: object) -> str:
    """Actions and the keys that mean them."""
    from kiosk.remote.keys import check_keys

    return check_keys(value)


def one_of(*names: str) -> Callable[[object], str]:
    """One of these names."""

    def check(value: object) -> str:
        if text(value) not in names:
            raise ValueError(f"must be one of: {', '.join(names)}")
        return text(value)

    return check


def page(value: object) -> str:
    """A web address, or nothing."""
    from urllib.parse import urlsplit

    url = text(value)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if url and not (usable and url.isascii() and len(url) <= 120):
        raise ValueError("must be a web address of at most 120 plain characters")
    return url


def file_path(value: object) -> str:
    """The whole path of a file, or nothing."""
    path = text(value)
    if path and not path.startswith("/"):
        raise ValueError("must be the whole path of a file, from / on")
    return path


def colour(value: object) -> str:
    """A colour, or nothing."""
    from kiosk.tty.colours import check_colour

    name = text(value)
    return check_colour(name) if name else ""


def logo(value: object) -> str:
    """A word mark that leaves room for the title."""
    mark = text(value)
    if len(mark) > LONGEST_LOGO:
        raise ValueError(f"must be at most {LONGEST_LOGO} characters")
    return mark


def domains(value: object) -> str:
    """Names of mail domains, as a list of TOML or with commas or blanks between them."""
    line = ", ".join(map(text, value)) if isinstance(value, list) else text(value)
    names = line.lower().replace(",", " ").replace("@", " ").split()
    if any("." not in name or not name.replace("-", "").replace(".", "").isalnum() for name in names):
        raise ValueError("must be mail domains, such as example.org, example.com")
    return ", ".join(names)


def command(value: object) -> str:
    """A program and its arguments: a list of TOML, or a line quoted as for a shell; kept as such a line."""
    import shlex

    wrong = ValueError("must be a program and its arguments")
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError:
        raise wrong from None
    if not isinstance(words, list) or not all(isinstance(word, str) and "\0" not in word for word in words):
        raise wrong
    if words and not words[0]:
        raise ValueError("must begin with the name of a program")
    return shlex.join(words)


def log_target(value: object) -> str:
    """Where the log goes: a word, or the absolute path of a file."""
    name = text(value)
    if name in {"auto", "journal", "off"} or (name.startswith("/") and not name.endswith("/")):
        return name
    raise ValueError("must be one of: auto, journal, off; or the absolute path of a file")


def metrics_file(value: object) -> str:
    """A file for node_exporter's textfile collector, which reads those that end in `.prom`; or nothing."""
    name = text(value)
    if name and not (name.startswith("/") and name.endswith(".prom")):
        raise ValueError("must be an absolute path that ends in .prom")
    return name
