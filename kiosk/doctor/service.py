"""The way to the Smart Login service: name, connection, clock, API key, Smart Login; on request a mail."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.doctor.findings import Finding, ok, problem, warning
from kiosk.entry.address import read_identifier
from kiosk.language import gettext as _
from kiosk.language import ngettext
from kiosk.settings.loading import Settings
from kiosk.signin.states import Problem
from kiosk.smartlogin import errors, refusals
from kiosk.smartlogin.attempt import new_client_guid
from kiosk.wiring import client_for
from kiosk.words import code_words, problem_words

if TYPE_CHECKING:
    from kiosk.smartlogin.client import SmartLoginClient

TOLERANCE = 60.0
"""Seconds that this box's clock may differ from the service's before it is worth a word."""

NO_CODE_OF_SITE = 1135
"""LoginRadius' code where Smart Login is not enabled for the site."""


async def look_at_service(settings: Settings, mail_to: str = "") -> list[Finding]:
    """Ask the service about an attempt that nobody made: what it answers tells all but whether mails arrive.

    Args:
        settings: Which service and site.
        mail_to: To whom a login mail is sent; nothing for no mail.
    """
    if not settings.text("api_key"):
        mend = _("Set `api_key` in kiosk.toml, or KIOSK_API_KEY.")
        return [problem("API key", _("there is none"), mend)]
    try:
        client = client_for(settings)
    except (ValueError, OSError, ImportError) as error:
        words = problem_words(Problem(errors.BoxMisconfigured))
        return [problem("connection", f"{words.headline} ({type(error).__name__})", words.advice)]
    async with client:
        findings = [*await _ping(client)]
        if client.service_time is not None:
            findings.append(_clock((datetime.now(UTC) - client.service_time).total_seconds()))
        if mail_to:
            findings.append(await _mail(client, mail_to))
        return findings


async def _ping(client: "SmartLoginClient") -> list[Finding]:
    try:
        await client.ping(new_client_guid())
    except (refusals.NotClickedYet, refusals.GuidInvalid):
        pass
    except errors.SmartLoginError as error:
        return [_refused(error)]
    return [ok("connection", _("the service answers")), ok("API key", _("accepted")), ok("Smart Login", _("enabled"))]


def _refused(error: errors.SmartLoginError) -> Finding:
    words, code = problem_words(Problem.of(error)), code_words(Problem.of(error))
    says = f"{words.headline} ({code})" if code else words.headline
    if isinstance(error, refusals.SiteRefused):
        if error.code == NO_CODE_OF_SITE:
            return problem("Smart Login", says, _("Have Smart Login enabled for the site (LoginRadius' console)."))
        return problem("API key", says, _("Check `api_key`, and that the site accepts this address."))
    if isinstance(error, errors.RateLimited | errors.ServiceTrouble):
        return warning("connection", says, words.advice)
    return problem("connection", says, words.advice)


def _clock(ahead: float) -> Finding:
    seconds = round(abs(ahead))
    if seconds <= TOLERANCE:
        return ok("clock", _("as the service's"))
    words = (
        ngettext("{seconds} s ahead of the service's", "{seconds} s ahead of the service's", seconds)
        if ahead > 0
        else ngettext("{seconds} s behind the service's", "{seconds} s behind the service's", seconds)
    )
    mend = _("Let the box set its clock (systemd-timesyncd): secure connections fail with a wrong one.")
    return warning("clock", words.format(seconds=seconds), mend)


async def _mail(client: "SmartLoginClient", address: str) -> Finding:
    try:
        await client.request_login(read_identifier(address), new_client_guid())
    except errors.SmartLoginError as error:
        words, code = problem_words(Problem.of(error)), code_words(Problem.of(error))
        return problem("mail", f"{words.headline} ({code})" if code else words.headline, words.advice)
    return ok("mail", _("taken by the service; see whether it arrives"))
