"""The hosted page over a real socket: what is too much for any page is refused without being read."""

import socket
from collections.abc import Iterator

import pytest

from kiosk.service.server import EmbeddedService, Options


@pytest.fixture(scope="module")
def service() -> Iterator[EmbeddedService]:
    with EmbeddedService(Options(port=0)) as running:
        yield running


def said(service: EmbeddedService, request: bytes) -> bytes:
    """Send bytes as they are; what the service says before it hangs up."""
    host, _, port = service.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it had heard enough
        answer = b""
        try:
            while piece := line.recv(65_536):
                answer += piece
        except ConnectionResetError:
            pass
    return answer


@pytest.mark.parametrize(
    ("request_line", "statuses"),
    [
        (b"GET /auth?vtoken=" + b"x" * 1_000_000, {b"400", b"414", b"431", b""}),
        (b"GET /auth?vtoken=" + b"x" * 30_000, {b"200", b"400", b"414"}),
        (b"POST /auth?vtoken=" + b"%ff" * 1_000, {b"403"}),
        (b"GET /auth?vtoken=\xff\xfe", {b"200", b"400"}),
        (b"POST /auth.aspx?" + b"&" * 8_000, {b"403"}),
    ],
    ids=range(5),
)
def test_addresses_that_are_too_much(service: EmbeddedService, request_line: bytes, statuses: set[bytes]) -> None:
    headers = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    answer = said(service, request_line + headers)
    assert answer[9:12] in statuses
    assert len(answer) < 8_000


def test_a_million_bytes_of_form_are_answered_and_not_read(service: EmbeddedService) -> None:
    head = b"POST /auth?vtoken=x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n"
    answer = said(service, head + b"number=" + b"4" * 999_993)
    assert answer[9:12] in (b"403", b"413", b"")
    assert said(service, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[9:12] == b"200"


def test_somebody_who_hangs_up_while_posting_leaves_no_trace(
    service: EmbeddedService, caplog: pytest.LogCaptureFixture
) -> None:
    host, _, port = service.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(b"POST /auth?vtoken=x HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nnumber=")
    assert said(service, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[9:12] == b"200"
    assert caplog.records == []
