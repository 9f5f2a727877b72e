"""Certificates and policies: whom the hub speaks to, and why a PLC was refused or refuses."""

import ssl
from collections.abc import Collection
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
from asyncua.crypto.uacrypto import CertProperties, x509_from_der

from karez.sorter.plc.opcua.options import OpcUaOptions

_PEM = b"-----BEGIN"
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
        CertProperties(der_of(options.certificate), "der"),
        key_of(options.private_key),
        server_certificate=CertProperties(der_of(options.server_certificate), "der"),
        mode=_MODES[options.security],
    )


def der_of(path: Path) -> bytes:
    """Certificate of a PEM or DER file, as DER. Raises `OSError` or `ValueError`."""
    content = path.read_bytes()
    der = ssl.PEM_cert_to_DER_cert(content.decode("ascii").strip()) if _PEM in content else content
    if x509_from_der(der) is None:  # type: ignore[no-untyped-call]  # asyncua gives it no types
        raise ValueError("it is empty")
    return der


def key_of(path: Path) -> CertProperties:
    """Private key of a PEM or DER file. Raises `OSError`."""
    content = path.read_bytes()
    return CertProperties(content, "pem" if _PEM in content else "der")


def foreign(shown: Collection[bytes], options: OpcUaOptions) -> Foreign | None:
    """Tell a PLC that shows other certificates than the pinned one; ``None`` where it shows that one, or none."""
    if options.server_certificate is None or not shown:
        return None
    pinned = der_of(options.server_certificate)
    if any(each.startswith(pinned) for each in shown):  # a chain follows its certificate
        return None
    return Foreign(min(shown))
