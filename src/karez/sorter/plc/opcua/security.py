"""Certificates and policies: whom the hub speaks to, and why a PLC was refused or refuses."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from asyncua import Client, ua
from asyncua.crypto.security_policies import (
    SecurityPolicy,
    SecurityPolicyAes128Sha256RsaOaep,
    SecurityPolicyAes256Sha256RsaPss,
    SecurityPolicyBasic256Sha256,
)
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from karez.sorter.plc.opcua.options import OpcUaOptions

_POLICIES: dict[str, type[SecurityPolicy]] = {
    "Basic256Sha256": SecurityPolicyBasic256Sha256,
    "Aes128Sha256RsaOaep": SecurityPolicyAes128Sha256RsaOaep,
    "Aes256Sha256RsaPss": SecurityPolicyAes256Sha256RsaPss,
}
_MODES = {"sign": ua.MessageSecurityMode.Sign, "sign_and_encrypt": ua.MessageSecurityMode.SignAndEncrypt}
_POLICY_TYPES = {
    (policy, mode): ua.SecurityPolicyType[f"{policy}_{'Sign' if mode == 'sign' else 'SignAndEncrypt'}"]
    for policy in _POLICIES
    for mode in _MODES
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A certificate that is not the one that is pinned (DER)."""

    certificate: bytes

    @property
    def reason(self) -> str:
        """A sentence for the journal."""
        return f"the PLC shows another certificate than the pinned one (SHA-256 {sha256(self.certificate).hexdigest()})"


def policy_type(options: OpcUaOptions) -> ua.SecurityPolicyType:
    """What a server must be set to in order to take such a hub."""
    if options.security == "none":
        return ua.SecurityPolicyType.NoSecurity
    return _POLICY_TYPES[options.policy, options.security]


async def secure(client: Client, options: OpcUaOptions) -> None:
    """Set policy, mode and certificates of a client that is not connected yet.

    Only a server that has the key of the pinned certificate can answer what is sent to it.

    Raises
    ------
    OSError, ValueError
        Where a file cannot be read or is no certificate or key.
    """
    if options.security == "none":
        return
    assert options.certificate and options.private_key and options.server_certificate, "the options check it"
    await client.set_security(
        _POLICIES[options.policy],
        str(options.certificate),
        str(options.private_key),
        server_certificate=der_of(options.server_certificate),
        mode=_MODES[options.security],
    )


def der_of(path: Path) -> bytes:
    """Certificate of a PEM or DER file, as DER. Raises `OSError` or `ValueError`."""
    content = path.read_bytes()
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
    return x509.load_der_x509_certificate(content).public_bytes(Encoding.DER)


async def foreign(url: str, options: OpcUaOptions) -> Foreign | None:
    """Ask the server, over an open channel, what certificate it has; ``None`` where it is the pinned one or unknown.

    Only to explain a link that did not come about: what is said here proves nothing.
    """
    if options.server_certificate is None:
        return None
    shown: set[bytes] = set()
    with suppress(Exception):  # a server that does not tell explains nothing
        client = Client(url, timeout=options.request_timeout_ms / 1000)
        for endpoint in await client.connect_and_get_server_endpoints():
            shown.add(bytes(endpoint.ServerCertificate or b""))
    shown.discard(b"")
    if not shown or der_of(options.server_certificate) in shown:
        return None
    return Foreign(sorted(shown)[0])
