"""A program that asks the Secret Service what it is told to: one line in, one line out, one vault all the while."""

import asyncio
import sys

from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.vault.entries import Kept
from kiosk.vault.keyrings import Choice, opener
from kiosk.vault.problems import VaultError
from kiosk.vault.vault import Vault


def main() -> None:
    """Answer `keep LENGTH SECONDS`, `load SECONDS`, `forget SECONDS`."""
    vault = Vault("site", opener(Choice("secret-service")))
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            print(runner.run(answer(vault, *line.split())), flush=True)


async def answer(vault: Vault, what: str, *numbers: str) -> str:
    """What came of it, in a word."""
    vault._limit = float(numbers[-1])
    try:
        if what == "keep":
            session = Session(Token("t" * int(numbers[0])), Profile(first_name="Jane"))
            await vault.keep(Kept(session, "https://service.example"))
        elif what == "forget":
            await vault.forget()
        else:
            kept = await vault.load()
            return f"kept {len(kept.session.token.access_token)}" if kept else "nothing"
    except VaultError as error:
        return error.problem.value
    return "done"


if __name__ == "__main__":
    main()
