"""Connections within a deadline, and what is wrong when there is none."""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from talos_registry.probing.results import Outcome

    Context: TypeAlias = Callable[[], ssl.SSLContext]
    """Makes the context of a TLS connection, which is not needed for others."""

__all__ = ["Deadline", "Failure", "connected", "cut_off", "failure_of", "is_tls", "port_of"]


class Failure(Exception):  # noqa: N818 - the way out of an attempt
    """No answer came; ``detail`` says what happened instead, ``said`` what the host says, which is not to be trusted."""

    def __init__(self, outcome: Outcome, detail: str, said: str = "") -> None:
        super().__init__(detail)
        self.outcome: Outcome = outcome
        self.detail = detail
        self.said = said


class Deadline:
    """The seconds that are left; when none are, what is connected is cut off, however slowly it goes on answering."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds
        self._lock = threading.Lock()
        self._open: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        """The seconds that are left, at least some.

        Raises:
            Failure: if none are.
        """
        left = self._end - monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> Failure:
        """The failure that is due to the deadline."""
        return Failure("timeout", f"no answer within {self.seconds:g} s")

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self._end <= monotonic()

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection off when time is up."""
        with self._lock:
            self._open = connection

    def end(self) -> None:
        """Cut off now what is connected."""
        self._end = min(self._end, monotonic())
        with self._lock, contextlib.suppress(OSError):
            if self._open is not None:
                # That of the plain socket: that of a TLS socket first forgets TLS, and a thread could go on in clear.
                socket.socket.shutdown(self._open, socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut nothing off any more."""
        self._timer.cancel()


def connected(host: str, scheme: str, context: Context, deadline: Deadline) -> socket.socket:
    """A connection to a host, with its port as in a URL; over TLS if the scheme is https.

    Raises:
        Failure: if there is none.
    """
    name, port = _split(host, scheme)
    if not name:
        raise Failure("no-address", "the URL names no host")
    plain = _opened(name, port, deadline)
    if scheme != "https":
        return plain
    return _secured(plain, name, host, context, deadline)


def is_tls(host: str, deadline: Deadline) -> bool:
    """Whether a host, asked in plain text, would rather speak TLS."""
    try:
        connected(host, "https", _unverified, deadline).close()
    except Failure:
        return False
    return True


_PORTS = {"http": 80, "https": 443}


def port_of(host: str) -> str:
    """What stands behind the last colon of a host, as it is written; empty where there is none."""
    port = host.rpartition(":")[2] if ":" in host else ""
    return "" if "]" in port else port


def _split(host: str, scheme: str) -> tuple[str, int]:
    """Name and port of the host of a URL."""
    if scheme not in _PORTS:
        raise Failure("no-address", f"{scheme!r} is no scheme that a registry is asked by")
    port = port_of(host)
    name = host.removesuffix(f":{port}").removeprefix("[").removesuffix("]")
    if port and not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise Failure("no-address", f"{port!r} is no port")
    return name, int(port) if port else _PORTS[scheme]


def _opened(name: str, port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one."""
    failure = Failure("no-address", f"{name} has no address")
    for family, kind, protocol, _, address in _addresses(name, port, deadline):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(deadline.left())
            deadline.watch(connection)
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = _not_connected(error, name, address, deadline)
            continue
        except Failure:
            connection.close()
            raise
        return connection
    raise failure


def _not_connected(error: OSError, name: str, address: Any, deadline: Deadline) -> Failure:
    where = "" if address[0] == name else f" at {address[0]}"
    if isinstance(error, TimeoutError) or deadline.is_over:
        return Failure("timeout", f"no connection{where} within {deadline.seconds:g} s")
    if error.errno == errno.ECONNREFUSED:
        return Failure("refused", f"nothing listens{where} on port {address[1]}")
    return Failure("refused", f"no connection{where}: {error.strerror or error}")


def _addresses(name: str, port: int, deadline: Deadline) -> list[Any]:
    """The addresses of a name; who looks them up cannot be interrupted, so nobody waits for him longer than there is time."""
    found: list[Any] = []
    thread = threading.Thread(target=_look_up, args=(name, port, found.append), daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not found:
        raise Failure("timeout", f"the address of {name} was not found within {deadline.seconds:g} s")
    if isinstance(found[0], str):
        raise Failure("no-address", f"{name} has no address: {found[0]}")
    return list(found[0])


def _look_up(name: str, port: int, give: Callable[[Any], None]) -> None:
    try:
        give(socket.getaddrinfo(name, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError, ValueError) as error:
        give(getattr(error, "strerror", None) or "it is no name of a host")


_NO_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}
"""What OpenSSL says of an answer that is no TLS."""
_NO_IDENTITY = ("CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_CERTIFICATE_UNKNOWN")
"""What a server says that does not take a client certificate, or the lack of one."""


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _secured(plain: socket.socket, name: str, host: str, context: Context, deadline: Deadline) -> socket.socket:
    try:
        own = context()
    except (OSError, ValueError) as error:
        plain.close()
        raise Failure("client-certificate", f"the clientIdentity cannot be used: {_reason(error)}") from None
    try:
        connection = own.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
    except (OSError, ValueError) as error:
        plain.close()
        raise failure_of(error, deadline) from None
    try:
        deadline.watch(connection)
        connection.settimeout(deadline.left())
        connection.do_handshake()
    except Failure:
        connection.close()
        raise
    except ssl.SSLCertVerificationError as error:
        connection.close()
        why_not = _why_not(error.verify_code, error.verify_message, name)
        raise Failure("certificate", why_not, "; ".join(_shown_certificate(host, deadline))) from None
    except (OSError, ValueError) as error:
        connection.close()
        raise failure_of(error, deadline) from None
    return connection


def cut_off() -> Failure:
    """The failure of a connection that ends where an answer should begin."""
    return Failure("refused", "the connection was closed without an answer")


def failure_of(error: Exception, deadline: Deadline) -> Failure:
    """What an error of an open connection means."""
    reason = getattr(error, "reason", None) or ""
    if isinstance(error, TimeoutError) or deadline.is_over:
        return deadline.passed()
    if reason in _NO_TLS:
        return Failure("speaks-http", "it does not speak TLS on this port, so it is asked in the wrong scheme")
    if any(part in reason for part in _NO_IDENTITY):
        detail = (
            f"it wants a client certificate that it knows: the clientIdentity is missing, or another ({_reason(error)})"
        )
        return Failure("client-certificate", detail)
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return cut_off()
    if isinstance(error, ssl.SSLError):
        hint = "; it may want a client certificate" if "HANDSHAKE_FAILURE" in reason else ""
        return Failure("certificate", f"no TLS connection: {_reason(error)}{hint}")
    return Failure("refused", f"no answer: {_reason(error)}")


def _reason(error: Exception) -> str:
    """An error of OpenSSL, or of the operating system, in words."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return str(reason).replace("_", " ").lower()


def _shown_certificate(host: str, deadline: Deadline) -> Iterator[str]:
    """Which certificate a host has: seen on a second connection, on which nothing is sent."""
    try:
        connection = connected(host, "https", _unverified, deadline)
    except Failure:
        return
    with connection:
        der = connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
    if der:
        yield from _described(der)


_SELF_SIGNED, _UNKNOWN, _NAMES, _DATES = {18, 19}, {2, 20, 21}, {62, 64}, {9, 10}
"""The codes of OpenSSL's X509_V_ERR_..."""


def _why_not(code: int, message: str, name: str) -> str:
    if code in _NAMES:
        return f"the certificate is not for {name}"
    if code in _DATES:
        return "the certificate has expired" if code == max(_DATES) else "the certificate is not valid yet"
    if code in _SELF_SIGNED | _UNKNOWN:
        return f"the issuer is not trusted ({message}): it is in no RegistryTLSConfig.ca for this host"
    return message


def _described(der: bytes) -> Iterator[str]:
    """Names, dates and issuer of a certificate."""
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        yield f"it is for {', '.join(_names(certificate)) or 'no name'}"
        yield f"valid from {certificate.not_valid_before_utc:%Y-%m-%d} to {certificate.not_valid_after_utc:%Y-%m-%d}"
        yield f"subject {certificate.subject.rfc4514_string() or 'none'}"
        yield f"issuer {certificate.issuer.rfc4514_string() or 'none'}"
    except ValueError as error:
        yield f"it cannot be read: {error}"


def _names(certificate: Any) -> Iterator[str]:
    from cryptography import x509

    with contextlib.suppress(x509.ExtensionNotFound):
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        yield from (f"DNS:{name}" for name in names.get_values_for_type(x509.DNSName))
        yield from (f"IP:{address}" for address in names.get_values_for_type(x509.IPAddress))
