"""What LoginRadius documents nowhere, decided here and only here; every entry is [open] in the API document."""

from typing import Final

MINUTE: Final = 60.0
DAY: Final = 86_400.0

# --- the link, seen by the hosted page -------------------------------------------------------------------------------
VERIFY_EXPIRED: Final = 975
"""The link was opened after its life. 979 also says "or used": the page could not tell which."""
VERIFY_AGAIN: Final = 1138
"""The link was opened a second time, before the device fetched the session."""
VERIFY_SPENT: Final = 1137
"""The link was opened a second time, after the device fetched the session."""

# --- the client GUID, seen by the device -----------------------------------------------------------------------------
PING_EXPIRED: Final = 1140
"""The GUID lives as long as the link; LoginRadius' own words for 1140 are "invalid or expired"."""
PING_SPENT: Final = 1140
"""A second ping after the session was fetched: the GUID is worth nothing any more."""
MISSING_PARAMETER: Final = 908
"""`clientguid` is absent: no code of its own is documented, so the general one, with the field named in `Errors`."""
MISSING_VERIFICATION_TOKEN: Final = 1063
"""Verify without a token is answered like a wrong token."""

# --- extensions of ours; LoginRadius ignores parameters that it does not know, and whoever sends none of these gets its
# contract to the letter ---------------------------------------------------------------------------------------------
REPLAY_PARAMETER: Final = "replay"
"""`replay=true` on a ping: an answer that was lost on the way can be fetched again. The same GUID gets the same
session, tokens and all, until a call with its access token shows that it arrived, for `REPLAY_SECONDS` at most; then
1140. The tokens are kept nowhere: they are derived from the GUID, of which the store has a hash, and a random salt."""
REPLAY_SECONDS: Final = 2 * MINUTE
"""How long after the first answer."""
WAIT_PARAMETER: Final = "wait"
"""`wait=SECONDS` on a ping: its answer may take so long, and comes as soon as the link is opened. What ends unclicked
is the usual 1139. A ping that cannot be held (too many are, the service ends) is answered at once."""
WAIT_LIMIT: Final = 20.0
"""Most seconds; shorter than the patience of the usual proxies (60 s, some 30 s)."""
WAIT_FIELD: Final = "Wait"
"""Key in the body of a 1139, for pings with one of our parameters only: the seconds that the next ping may ask for.
Without it, pings are not held now."""
ALSO_PARAMETER: Final = "also"
"""`also=GUID,GUID` on a ping: further client GUIDs of the same person (each resend has its own). The session of
whichever was opened is the answer; what is wrong with one of these is told only when it is pinged itself."""
ALSO_LIMIT: Final = 8
"""Most further GUIDs; the rest is not looked at."""
POLL_HINT: Final = 5.0
"""`Retry-After` of the 1139 to a ping that asked to be held and could not be: more polling would not serve anybody."""

# --- the number on the screen (confirm = "number"); not LoginRadius', whose clients ignore the extra key ------------
NUMBER_FIELD: Final = "Number"
"""Key of the two digits in the body of a ping's 1139."""
NUMBER_PARAMETER: Final = "number"
"""Parameter of Verify Token with the digits that the person picked."""
NUMBER_MISSING: Final = 908
"""Verify Token without it: nothing happens, with the field named in `Errors`."""
NUMBER_WRONG: Final = 979
"""A wrong one: the link cannot be used any more, or a page could try them all; the ping says 1140 from then on."""

NUMBERS_OFFERED: Final = 6
"""Numbers that the hosted page offers. One pick is all there is: a wrong one ends the link."""

# --- the press of a button (confirm = "button"), and what both have in common ----------------------------------------
CONFIRM_PARAMETER: Final = "confirm"
"""Parameter of Verify Token that says `yes` once the person has pressed the button."""
CONFIRM_MISSING: Final = 908
"""Verify Token without it: nothing happens, with the field named in `Errors`."""
TWO_PICKS_ARE_NONE: Final = True
"""A form that sends several values was filled in by a machine: it counts as if nothing was picked."""

# --- after the click -------------------------------------------------------------------------------------------------
FOLLOW_AFTER: Final = 4
"""Seconds that the hosted page shows its success before it follows `redirecturl`. The same in auth.js."""
WELCOME_ON_FIRST_PROOF: Final = True
"""The welcome mail goes out once: when a click proves an address that was not verified before. Its template is the
`welcomeemailtemplate` of that Verify Token, else of the request that the link belongs to, else `welcome-default`."""
TEMPLATE_MUST_FIT: Final = True
"""A login mail needs `#GUID#` in its template and a welcome mail has none to fill in: a template of the wrong kind
counts as unknown, and an unknown one means the default."""

MAIL_PAUSES: Final = (2.0, 10.0, 30.0, 60.0, 120.0, 300.0, 300.0, 600.0, 900.0, 1_800.0)
"""Seconds between the tries of a mail: fast for a blip, patient with greylisting (5 minutes as a rule), and given up
after some 70 minutes, when nobody waits in front of the screen any more. Given up at once on a final refusal."""

# --- accounts --------------------------------------------------------------------------------------------------------
UNKNOWN_EMAIL: Final = 1023
"""Only where the site is set to tell; otherwise an unknown address is answered like a known one."""
UNKNOWN_USERNAME: Final = 938
"""The same for usernames."""
EXISTENCE_CLOSED: Final = 909
"""`/auth/email` and `/auth/username` would tell who has an account: closed unless the site is set to tell. A false
"no" would be a lie that a client acts on."""
SHARED_EMAIL: Final = 1183
"""Several accounts of the site have the address: only the username says whose."""
EMAIL_TAKEN: Final = 936
"""A new account's address belongs to another one. LoginRadius' table has the code; the page of it that we know does
not print it."""
USERNAME_TAKEN: Final = 936
"""The same for a username, with the field named in `Errors`."""
CREATED_IS_VERIFIED: Final = True
"""A management call that makes an account and says nothing of `EmailVerified` vouches for the address: LoginRadius
calls this "bypasses the normal e-mail verification"."""
EMAIL_BEFORE_USERNAME: Final = True
"""With both parameters the e-mail address counts."""
EMAIL_LIMIT: Final = 254
"""Longest address, RFC 5321."""
USERNAME_LIMIT: Final = 32
"""Longest username, from the description of 1204."""

# --- tokens ----------------------------------------------------------------------------------------------------------
TOKEN_UNKNOWN: Final = 905
"""An access token that never was, or that was invalidated."""
TOKEN_EXPIRED: Final = 906
"""An access token past its life, for as long as its record is kept; after that it is unknown."""
SLIDING_KEEPS_TOKEN: Final = True
"""`sliding_token` moves the expiry of the same access token; it does not make another one."""

REFRESH_UNKNOWN: Final = 905
"""A refresh token that never was, is spent, revoked or expired."""
REFRESH_ENDS_SESSION: Final = True
"""A refresh spends the refresh token and ends the session that came with it; both are made anew."""
REFRESH_OUTLIVES_SIGN_OUT: Final = True
"""`invalidate` ends the access token; with `preventrefresh=true` also its refresh token."""

# --- management ------------------------------------------------------------------------------------------------------
SECRET_WRONG: Final = 921
"""The secret is not the site's. 902 is said where it is right and management is closed (`management = false`)."""
TOKEN_KINDS: Final = frozenset({"autologin", "smartlogin"})
"""Kinds of `emailtoken` that this service makes; the documented list has `autologin`, Smart Login's old name."""
BODY_LIMIT: Final = 16_384
"""Longest body of a call in bytes; beyond it: 908."""

# --- requests --------------------------------------------------------------------------------------------------------
QUERY_LIMIT: Final = 8_192
"""Longest query string in bytes; beyond it: 908."""
FIRST_VALUE_COUNTS: Final = True
"""Of a parameter that is sent several times, in whatever spelling, the first value that is not empty counts."""
SPACE_MEANS_PLUS: Final = True
"""LoginRadius' Python client does not encode `+`: a space inside an e-mail address was a plus."""
PROJECTION_KEEPS_TOKEN: Final = True
"""`fields` of a ping projects the profile; the token always comes, or the session would be lost."""
RETRY_AFTER_ON_MAIL_LIMIT: Final = True
"""1122 carries `Retry-After` (seconds), so that a screen can say when mails are possible again."""

# --- records ---------------------------------------------------------------------------------------------------------
KEPT_AFTER_EXPIRY: Final = DAY
"""Seconds that an expired record is kept, so that a late click hears "expired" or "used" and not "invalid"."""
SWEEP_EVERY: Final = MINUTE
"""Seconds between two sweeps of expired records."""
SAVE_EVERY: Final = 2.0
"""Seconds between two moments at which a worker leaves its figures for the others to add up."""
MAILBOX_LIMIT: Final = 100
"""Mails that the service's own mailbox keeps."""
LINK_TYPE: Final = "smartlogin"
"""`vtype` of our links. The documented list knows Smart Login under its old name `autologin`; both are accepted."""
LINK_TYPES: Final = frozenset({"smartlogin", "autologin"})
