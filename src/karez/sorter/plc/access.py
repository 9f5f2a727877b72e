"""Who may speak to the hub on a driver's port: a list of allowed peers, and TLS with certificates on both sides."""

import ssl
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from karez.domain.errors import BadConfig
from karez.settings import SorterSection
from karez.sorter.plc.protocol import Role


class AllowList:
    """Addresses and networks whose peers may connect.

    Parameters
    ----------
    networks
        For example ``10.0.8.17`` or ``10.0.8.0/24``; a host part is ignored.
    """

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = [ip_network(each, strict=False) for each in networks]

    def refusal(self, host: str) -> str | None:
        """Why this address may not connect; ``None`` where it may."""
        try:
            address = ip_address(host.partition("%")[0])  # a link-local address may carry its interface
        except ValueError:
            return f"{host!r} is no address"
        if isinstance(address, IPv6Address) and address.ipv4_mapped:  # IPv4, seen through an IPv6 socket
            address = address.ipv4_mapped
        if any(address in network for network in self._networks):
            return None
        return f"{address} is not among the allowed peers (sorter.allow): refused before a byte was read"


def tls_of(settings: SorterSection, role: Role | None = None) -> ssl.SSLContext | None:
    """TLS for one end of the link, as the settings name the files; ``None`` where they name none.

    Both ends must show a certificate that the same authority has signed; TLS 1.2 is the least. The end that calls also
    checks that the certificate names the host it called.

    Parameters
    ----------
    role
        Of this end; the settings' own where it is not given.

    Raises
    ------
    BadConfig
        Where only some of the three files are named, or one cannot be used.
    """
    files = {"tls_cert": settings.tls_cert, "tls_key": settings.tls_key, "tls_ca": settings.tls_ca}
    missing = [name for name, path in files.items() if path is None]
    if len(missing) == len(files):
        return None
    if missing:
        what = "is missing: with TLS both ends show a certificate, and certificate, key and authority are needed"
        raise BadConfig("sorter", [(0, f"sorter.{name}", what) for name in missing])
    listens = (role or settings.role) == "server"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if listens else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    _load(context, settings.tls_cert, settings.tls_key, settings.tls_ca)
    return context


def _load(context: ssl.SSLContext, cert: Path | None, key: Path | None, authority: Path | None) -> None:
    """Read the three files; all of them are named by then."""
    assert cert is not None and key is not None
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise BadConfig("sorter", [(0, "sorter.tls_cert", f"cannot be used with its key: {error}")]) from None
    try:
        context.load_verify_locations(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        raise BadConfig("sorter", [(0, "sorter.tls_ca", f"cannot be used: {error}")]) from None


def tls_reason(error: OSError) -> str:
    """Say in words why a TLS handshake failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the TLS certificate was refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        said = (error.reason or "no reason given").replace("_", " ").lower()
        return f"no TLS link: {said}"
    return f"no TLS link: {error.strerror or error or type(error).__name__}"
