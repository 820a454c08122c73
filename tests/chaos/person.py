"""The person before the screen: does anything at any time while the network is bad, and the sensible thing after."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta

from kiosk.signin.intents import (
    AcceptPolicy,
    Cancel,
    ChangeAddress,
    Extend,
    PingNow,
    SendAgain,
    SignOut,
    Submit,
    Touch,
    TryAgain,
)
from kiosk.signin.states import Ended, Entering, NotSetUp, PolicyDue, Resting, Sending, State, Waiting, Welcome
from tests.chaos.device import Device
from tests.chaos.service import Service

PATIENCE = 420.0
"""Seconds that the last, faultless stretch may take: the longest `Retry-After` drawn, a slow pace, a new link."""


class Person:
    """One person, with an address that can get in, and others."""

    def __init__(self, number: int, dice: random.Random, device: Device, service: Service) -> None:
        self.device = device
        self.address = f"person{number}@example.com"
        self._wrong = [f"{name}{number}@example.com" for name in ("policy", "barred", "locked", "nobody")]
        self._dice, self._service = dice, service
        self._clicks: list[asyncio.Task[bool]] = []

    async def live(self, seconds: float) -> None:
        """Do anything for so long."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            await asyncio.sleep(self._dice.expovariate(1 / 5))
            if self._dice.random() < 0.03:
                self._trouble_the_clocks()
            else:
                self._act(self.device.state)
        await asyncio.gather(*self._clicks)

    async def get_in(self) -> bool:
        """Do what the screen says, until it greets; whether it does."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        began_waiting = loop.time()
        while loop.time() < end:
            match self.device.state:
                case Welcome():
                    return True
                case Entering(restoring=False):
                    self.device.want(Submit(self.address))
                    began_waiting = loop.time()
                case Ended(identifier=identifier):
                    # Whoever may not sign in is told so, and another address is the way on.
                    ours = identifier.value == self.address
                    self.device.want(SendAgain() if ours else Cancel())
                    began_waiting = loop.time()
                case Waiting(identifier=identifier) if identifier.value != self.address:
                    self.device.want(Cancel())
                case Waiting() as state:
                    await self._open_all()
                    if loop.time() - began_waiting > 60 and self.device.clock.now() >= state.resend_at:
                        self.device.want(SendAgain())
                        began_waiting = loop.time()
                case PolicyDue(accepting=False):
                    self.device.want(AcceptPolicy())
                case NotSetUp():
                    self.device.want(TryAgain())
                case Resting():
                    self.device.want(Touch())
                case _:
                    pass
            await asyncio.sleep(3)
        return False

    async def leave(self) -> None:
        """Sign out or leave it at that, then go."""
        if self._dice.random() < 0.5:
            self.device.want(SignOut())
            for _ in range(20):
                if isinstance(self.device.state, Entering):
                    break
                await asyncio.sleep(1)

    async def _open_all(self) -> None:
        for token in self._service.record.mails[self.address][-1:]:
            await self._service.click(token)

    def _act(self, state: State) -> None:
        dice = self._dice
        acts: list[tuple[float, Callable[[], object]]] = []
        want = self.device.want
        match state:
            case Entering():
                address = self.address if dice.random() < 0.8 else dice.choice(self._wrong)
                acts = [(8, lambda: want(Submit(address))), (1, lambda: want(Touch()))]
            case Sending():
                acts = [(20, lambda: None), (1, lambda: want(Cancel())), (1, lambda: want(ChangeAddress()))]
            case Waiting():
                acts = [
                    (12, lambda: None),
                    (5, lambda: want(PingNow())),
                    (5, lambda: want(SendAgain())),
                    (3, self._click_any),
                    (1, lambda: want(Extend())),
                    (1, lambda: want(ChangeAddress())),
                    (1, lambda: want(Cancel())),
                    (1, lambda: want(Touch())),
                ]
            case Ended():
                acts = [(3, lambda: want(SendAgain())), (1, lambda: want(ChangeAddress())), (1, lambda: want(Cancel()))]
            case PolicyDue():
                acts = [(3, lambda: want(AcceptPolicy())), (1, lambda: want(Cancel()))]
            case Welcome():
                acts = [
                    (3, lambda: None),
                    (2, lambda: want(SignOut())),
                    (1, self._click_any),
                    (1, lambda: want(Touch())),
                ]
            case NotSetUp():
                acts = [(1, lambda: want(TryAgain()))]
            case Resting():
                acts = [(1, lambda: want(Touch()))]
        if acts:
            weights, calls = zip(*acts, strict=True)
            dice.choices(calls, weights)[0]()

    def _click_any(self) -> None:
        """Open a mail in the mailbox, the newest or any other, also one that was opened before."""
        addresses = [self.address] * 3 + self._wrong
        mails = self._service.record.mails[self._dice.choice(addresses)]
        if mails:
            token = mails[-1] if self._dice.random() < 0.5 else self._dice.choice(mails)
            self._clicks.append(asyncio.create_task(self._service.click(token)))

    def _trouble_the_clocks(self) -> None:
        clock = self.device.clock
        if self._dice.random() < 0.5:
            clock.suspend(self._dice.choice((2, 20, 400, 7200)) * self._dice.random())
        else:
            clock.set_wrong(timedelta(days=self._dice.choice((-20_000, -1, 0, 1, 4_000))))
