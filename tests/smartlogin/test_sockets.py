"""The client over real sockets: certificates that cannot be trusted, and answers that no library would send."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.errors import (
    BadAnswer,
    ClockWrong,
    Intercepted,
    SmartLoginError,
    TlsError,
    Unreachable,
    WrongHost,
)
from kiosk.smartlogin.refusals import NotClickedYet
from tests.clock import until

NOT_YET = b'{"ErrorCode": 1139}'
DAY = datetime.timedelta(days=1)

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes, *, length: int | None = None, status: int = 403) -> bytes:
    size = len(body) if length is None else length
    return b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n" % (status, size) + body


@asynccontextmanager
async def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on this machine; its port. At the end, nobody may be connected to it any more."""
    guests = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal guests
        guests += 1
        try:
            await serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            guests -= 1

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
        await until(lambda: not guests, 30.0)
    finally:
        server.close()


@dataclass(frozen=True)
class Signed:
    """A certificate and its key; it can sign others."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def certificate(host: str, issuer: Signed | None = None, *, begins: int = -1, ends: int = 1) -> Signed:
    """One for `host`, good between so many days from now; signed by itself where there is no issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    names: x509.GeneralName = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins * DAY)
        .not_valid_after(now + ends * DAY)
        .add_extension(x509.SubjectAlternativeName([names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(signs=issuer is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return Signed(builder.sign(signer, hashes.SHA256()), key)


def _usage(*, signs: bool) -> x509.KeyUsage:
    """What its key is for; from Python 3.13 on, an authority that does not say it is none."""
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
    unused = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=True, key_cert_sign=signs, **unused)


def server_side(folder: Path, shown: Signed, *chain: Signed) -> ssl.SSLContext:
    """A server that shows this certificate, and those that signed it."""
    path = folder / "server.pem"
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key = shown.key.private_bytes(encoding, kind, serialization.NoEncryption())
    path.write_bytes(key + shown.pem + b"".join(each.pem for each in chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def not_clicked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readuntil(b"\r\n\r\n"):
        writer.write(answer(NOT_YET))


def ours(**more: int) -> Callable[[Signed], tuple[Signed, ...]]:
    return lambda authority: (certificate("localhost", authority, **more),)


def theirs(*, whole_chain: bool) -> Callable[[Signed], tuple[Signed, ...]]:
    def shown(_authority: Signed) -> tuple[Signed, ...]:
        network = certificate("network.example")
        return (certificate("localhost", network), *([network] if whole_chain else []))

    return shown


@pytest.mark.parametrize(
    ("shown", "host", "kind"),
    [
        (ours(), "localhost", NotClickedYet),
        (ours(begins=-20, ends=-10), "localhost", ClockWrong),
        (ours(begins=10, ends=20), "localhost", ClockWrong),
        (lambda authority: (certificate("other.example", authority),), "localhost", WrongHost),
        (lambda authority: (certificate("192.0.2.1", authority),), "127.0.0.1", WrongHost),
        (lambda _authority: (certificate("localhost"),), "localhost", Intercepted),
        (theirs(whole_chain=True), "localhost", Intercepted),
        (theirs(whole_chain=False), "localhost", Intercepted),
    ],
    ids=[
        "good",
        "expired",
        "not yet",
        "other name",
        "other address",
        "18 self-signed",
        "19 chain",
        "20 unknown issuer",
    ],
)
async def test_what_is_wrong_with_a_certificate_is_told_apart(
    shown: Callable[[Signed], tuple[Signed, ...]],
    host: str,
    kind: type[SmartLoginError],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = certificate("authority.example")
    (tmp_path / "known.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    async with listening(not_clicked, server_side(tmp_path, *shown(authority))) as port:
        client = SmartLoginClient(f"https://{host}:{port}", "key")
        with pytest.raises(SmartLoginError) as caught:
            await client.ping("guid")
        await client.close()
    assert type(caught.value) is kind
    assert caught.value.__context__ is None


async def test_a_portal_that_speaks_no_tls_is_a_tls_error() -> None:
    async def portal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: http://portal.example/\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()

    async with listening(portal) as port, SmartLoginClient(f"https://localhost:{port}", "key") as client:
        with pytest.raises(TlsError):
            await client.ping("guid")


async def test_what_follows_a_wrong_answer_is_not_taken_for_the_next_one() -> None:
    """Found by `python -m tests.chaos --seed 9`: the rest of a broken answer spoiled the one that brought a session."""
    heard = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        while await reader.readuntil(b"\r\n\r\n"):
            heard += 1
            writer.write(answer(NOT_YET, length=5 if heard == 1 else None))

    async with listening(serve) as port, SmartLoginClient(f"http://127.0.0.1:{port}", "key") as client:
        with pytest.raises(BadAnswer):
            await client.ping("guid")
        for _ in range(3):
            with pytest.raises(NotClickedYet):
                await client.ping("guid")


async def test_a_good_connection_is_kept() -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await not_clicked(reader, writer)

    async with listening(serve) as port, SmartLoginClient(f"http://127.0.0.1:{port}", "key") as client:
        for _ in range(5):
            with pytest.raises(NotClickedYet):
                await client.ping("guid")
    assert connections == 1


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", BadAnswer),
        (b"\x00\xff" * 50 + b"\r\n\r\n", BadAnswer),
        (b"", Unreachable),
        (b"HTTP/1.1 200 OK\r\ncontent-le", Unreachable),
        (answer(NOT_YET, length=500), Unreachable),
    ],
    ids=["ssh", "garbage", "nothing", "half a head", "half a body"],
)
async def test_bytes_that_are_no_answer(written: bytes, kind: type[SmartLoginError]) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(written)
        await writer.drain()

    async with listening(serve) as port, SmartLoginClient(f"http://127.0.0.1:{port}", "key") as client:
        with pytest.raises(SmartLoginError) as caught:
            await client.ping("guid")
    assert type(caught.value) is kind


async def test_plain_http_reads_no_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    async with SmartLoginClient("http://127.0.0.1:9", "key"):
        pass
    with pytest.raises(FileNotFoundError):
        SmartLoginClient("https://127.0.0.1:9", "key")
