"""How much load the service bears: `python -m tests.benchmarks.load [--json]`; loopback only, some two minutes.

Two questions, asked of every target in turn, in several rounds, medians reported:

* *most*: waiting devices ping as fast as they are answered, and sign-ins arrive all the time: pings a second.
* *fleet*: devices ping every 5 seconds, as they do, and sign-ins arrive: how long a ping takes (p50, p99).

The floor is a bare Starlette route with a fixed answer, in the same run, under the same uvicorn with as many processes.
"""

import argparse
import asyncio
import json
import statistics
import time
import uuid
from dataclasses import dataclass, field

from tests.benchmarks.client import Connection, get, post
from tests.benchmarks.targets import KEY, PEOPLE, SECRET, Target, names, target

_AUTH = "/identity/v2/auth"
_MANAGE = "/identity/v2/manage/account"
_PING_EVERY = 5.0


@dataclass
class Seen:
    """What was measured of one target."""

    rates: list[float] = field(default_factory=list)
    fleet: list[float] = field(default_factory=list)
    sign_ins: int = 0
    memory: float = 0.0


def ping(guid: str) -> bytes:
    return get(f"{_AUTH}/login/smartlogin/ping?apikey={KEY}&clientguid={guid}")


def begin(guid: str, person: int) -> bytes:
    return get(f"{_AUTH}/login/smartlogin?apikey={KEY}&email=u{person % PEOPLE}@example.com&clientguid={guid}")


async def waiting_device(port: int, number: int, *, real: bool) -> tuple[Connection, bytes]:
    """A device whose link nobody has opened yet."""
    connection = await Connection.open(port)
    guid = str(uuid.uuid4())
    if real:
        status, _ = await connection.ask(begin(guid, number))
        assert status == 200
    return connection, ping(guid)


async def sign_in(connection: Connection, number: int) -> None:
    """One person's whole way: a request with a mail, and one whose token is brought, opened and redeemed."""
    status, _ = await connection.ask(begin(str(uuid.uuid4()), number))
    assert status == 200
    guid = str(uuid.uuid4())
    body = json.dumps({"email": f"u{number % PEOPLE}@example.com", "ClientGuid": guid}).encode()
    status, answer = await connection.ask(post(f"{_MANAGE}/emailtoken/autologin?apikey={KEY}", body, SECRET))
    assert status == 200
    token = json.loads(answer)["Token"]
    status, _ = await connection.ask(get(f"{_AUTH}/email/smartlogin?apikey={KEY}&verificationtoken={token}"))
    assert status == 200
    status, _ = await connection.ask(ping(guid))
    assert status == 200


async def sign_ins(port: int, every: float, until: float) -> int:
    """Sign people in, one after another, until then."""
    connection, done = await Connection.open(port), 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        await sign_in(connection, done)
        done += 1
        await asyncio.sleep(max(0.0, every - (time.perf_counter() - began)))
    connection.close()
    return done


async def most(place: Target, devices: int, seconds: float) -> tuple[float, int]:
    """Pings a second, and sign-ins that were done meanwhile."""
    waiting = [await waiting_device(place.port, number, real=place.signs_in) for number in range(devices)]
    until = time.perf_counter() + seconds

    async def pings(connection: Connection, request: bytes) -> int:
        count = 0
        while time.perf_counter() < until:
            status, _ = await connection.ask(request)
            assert status == 403
            count += 1
        return count

    arriving = [sign_ins(place.port, 0.1, until)] if place.signs_in else []
    counts = await asyncio.gather(*(pings(*device) for device in waiting), *arriving)
    for connection, _ in waiting:
        connection.close()
    return sum(counts[:devices]) / seconds, sum(counts[devices:])


async def fleet(place: Target, devices: int, seconds: float) -> list[float]:
    """How long each ping took."""
    waiting = [await waiting_device(place.port, number, real=place.signs_in) for number in range(devices)]
    took: list[float] = []
    until = time.perf_counter() + seconds

    async def device(number: int, connection: Connection, request: bytes) -> None:
        await asyncio.sleep(_PING_EVERY * number / devices)
        while time.perf_counter() < until:
            began = time.perf_counter()
            await connection.ask(request)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(_PING_EVERY)
        connection.close()

    arriving = [sign_ins(place.port, 0.2, until)] if place.signs_in else []
    await asyncio.gather(*(device(number, *one) for number, one in enumerate(waiting)), *arriving)
    return took


def measured(rounds: int, seconds: float, devices: int) -> dict[str, Seen]:
    """Ask every target, in turn."""
    seen = {name: Seen() for name in names()}
    for number in range(rounds):
        for name in names():
            with target(name) as place:
                asyncio.run(most(place, 20, seconds / 4))  # warm
                rate, done = asyncio.run(most(place, 50, seconds))
                seen[name].rates.append(rate)
                seen[name].sign_ins += done
                if number == 0:
                    seen[name].fleet = asyncio.run(fleet(place, devices, 5.5))
                seen[name].memory = max(seen[name].memory, place.memory())
    return seen


def report(seen: dict[str, Seen]) -> list[dict[str, float | str]]:
    """One row a target; `ratio` is the median over rounds of its rate by the floor's in the same round."""
    rows: list[dict[str, float | str]] = []
    for name, one in seen.items():
        floor = seen["bare-" + name.rpartition("-")[2]].rates
        cuts = statistics.quantiles(one.fleet, n=100)
        rows.append(
            {
                "target": name,
                "pings_per_second": round(statistics.median(one.rates)),
                "ratio": round(statistics.median(a / b for a, b in zip(one.rates, floor, strict=True)), 2),
                "p50_ms": round(cuts[49] * 1000, 2),
                "p99_ms": round(cuts[98] * 1000, 2),
                "sign_ins": one.sign_ins,
                "memory_mb": round(one.memory, 1),
            }
        )
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement of the most")
    parser.add_argument("--devices", type=int, default=500, help="in the fleet")
    options = parser.parse_args()
    rows = report(measured(options.rounds, options.seconds, options.devices))
    if options.json:
        print(json.dumps(rows))
        return
    print("  ".join(f"{title:>16}" for title in rows[0]))
    for row in rows:
        print("  ".join(f"{value:>16}" for value in row.values()))


if __name__ == "__main__":
    main()
