"""A site: the tenant behind an API key, with its settings and accounts. Immutable once read."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.service.decisions import DAY, MINUTE
from kiosk.service.languages import Language

RefusedAt = Literal["link", "request", "session"]
UsernameLogin = Literal["on", "off", "only"]
Confirm = Literal["none", "button", "number"]


@dataclass(frozen=True)
class Account:
    """A person who may sign in."""

    uid: str
    emails: tuple[str, ...] = field(repr=False)
    """Addresses as written in the site file; the first one is the primary and gets the mails."""
    username: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    image_url: str = field(default="", repr=False)
    email_verified: bool = True
    """Before any click; a click on a login link proves the address and is remembered in the store."""
    policy_accepted: bool = True
    """Whether the current privacy policy counts as accepted before the person accepts it (else 1194)."""
    refuse: int = 0
    """Error code that this account is refused with; 0: it may sign in."""
    refuse_at: RefusedAt = "link"
    """Where the refusal is told: after the click, when the person has proved who they are; or, for testers, at once, or
    by every call with the access token."""

    @property
    def full_name(self) -> str:
        """First and last name, as far as known."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def primary(self) -> str:
        """The address that mails go to."""
        return self.emails[0]


@dataclass(frozen=True)
class MailLimit:
    """How many mails one address may ask for (LoginRadius: "request limit" and "request disabled period")."""

    mails: int = 10
    window: float = 15 * MINUTE
    """Seconds in which `mails` are counted."""
    disabled: float = 15 * MINUTE
    """Seconds of 1122 once the limit is passed."""


@dataclass(frozen=True)
class MailTemplate:
    """An e-mail template with LoginRadius' placeholders (`#Name#`, `#Url#`, `#GUID#` …)."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Site:
    """All that the operator decides about one site."""

    name: str
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    device_name: str = ""
    """The screen's name for the hosted page and the mail; empty: the site's name is used."""
    public_url: str = ""
    """Where people reach the hosted page; empty: the address that the service listens on."""
    mail_from: str = ""
    """Sender of the mails: `address` or `Name <address>`."""
    smart_login: bool = True
    enabled: bool = True
    """Whether the API key is authorized at all (else 901)."""
    management: bool = True
    """Whether the API secret is authorized for management calls (else 902)."""
    verified_only: bool = False
    """Whether accounts whose e-mail address was never proved are refused (970)."""
    duplicate_emails: bool = False
    """Whether accounts may share an address; who has such a one signs in by username (else 1183)."""
    tell_unknown: bool = False
    """Whether calls may tell that an address or username is unknown."""
    username_login: UsernameLogin = "on"
    privacy_policy: str = ""
    """Version of the privacy policy in force; empty: there is none to accept."""
    redirect_hosts: tuple[str, ...] = ()
    """Hosts that the hosted page may lead to after success."""
    confirm: Confirm = "none"
    """What the hosted page asks for before it verifies: nothing, a press of a button, the number on the screen."""
    language: Language = "en"
    """Language of the mails, and of the hosted page for those who prefer none that we have."""
    allowed_domains: tuple[str, ...] = ()
    """Domains that may sign in; empty: all (else 1247)."""
    blocked_emails: tuple[str, ...] = field(default=(), repr=False)
    """Addresses that may not sign in (1056)."""
    link_life: float = 4_320 * MINUTE
    """Seconds that a login link and its client GUID live."""
    token_life: float = 15 * MINUTE
    """Seconds that an access token lives."""
    refresh_life: float = 60 * DAY
    """Seconds that a refresh token lives; 0: none is handed out."""
    mail_limit: MailLimit = MailLimit()
    requests_per_second: int = 50
    """API calls a second, then 429; 0: no limit. All processes on one store count together."""
    allowed_ips: tuple[str, ...] = ()
    """Networks that may call (else 1206); empty: all."""
    accounts: tuple[Account, ...] = field(default=(), repr=False)
    templates: dict[str, MailTemplate] = field(default_factory=dict, repr=False)

    @property
    def screen_name(self) -> str:
        """What the person signs in on, in the words of the mail and the page."""
        return self.device_name or self.name


class Directory:
    """Finds the accounts of a site by address, username or id."""

    def __init__(self, site: Site) -> None:
        self._emails: dict[str, Account] = {}
        self._shared: set[str] = set()
        for account in site.accounts:
            for email in {email.casefold() for email in account.emails}:
                if self._emails.setdefault(email, account) is not account:
                    self._shared.add(email)
        self._usernames = {account.username.casefold(): account for account in site.accounts if account.username}
        self._uids = {account.uid: account for account in site.accounts}

    def is_shared(self, email: str) -> bool:
        """Tell whether several accounts have this address (compared form)."""
        return email in self._shared

    def by_email(self, email: str) -> Account | None:
        """The account with this address (compared form), if any."""
        return self._emails.get(email)

    def by_username(self, username: str) -> Account | None:
        """The account with this username (compared form), if any."""
        return self._usernames.get(username)

    def by_uid(self, uid: str) -> Account | None:
        """The account with this id, if any."""
        return self._uids.get(uid)
