"""The one failure that an operator sees."""


class ServiceError(Exception):
    """The service cannot start; the text is one clear line that names the option, file or key to mend."""
