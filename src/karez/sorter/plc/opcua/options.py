"""What can be set of the OPC UA driver beside the sorter's own settings."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from karez.settings import Section


class OpcUaOptions(Section):
    """``[sorter.options]`` where ``sorter.driver`` is ``opcua``."""

    mode: Literal["method", "tags"] = Field(
        "method", title="Mode", description="Orders by a method call and telegrams as text, or everything by tags."
    )
    path: str = Field("/karez", title="Path", description="Of the PLC's endpoint, behind host and port.")
    namespace: str = Field("urn:karez:sorter", title="Namespace", description="Its URI; the PLC's tags live in it.")
    prefix: str = Field("Karez.", title="Prefix", description="Stands before the path of every tag in its node id.")
    quoted: bool = Field(False, title="Quoted names", description="Each name of a path stands in double quotes.")
    publishing_ms: int = Field(
        10, ge=1, le=1_000, title="Publishing interval", description="Asked of the PLC, in ms; it may answer slower."
    )
    queue_size: int = Field(
        16, ge=1, le=1_000, title="Queue size", description="Values of one tag that the PLC keeps between publishes."
    )
    request_timeout_ms: int = Field(
        2_000, ge=100, le=60_000, title="Request timeout", description="A request without an answer ends the link, ms."
    )
    channel_lifetime_s: int = Field(
        3_600, ge=1, le=86_400, title="Channel lifetime", description="The secure channel is renewed at 3/4 of it, s."
    )
    security: Literal["none", "sign", "sign_and_encrypt"] = Field(
        "none", title="Security", description="Of every message; anything but none needs the certificates below."
    )
    policy: Literal["Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss"] = Field(
        "Basic256Sha256", title="Security policy", description="Which algorithms; used where security is not none."
    )
    application_uri: str = Field(
        "urn:karez:hub", title="Application URI", description="Of the hub; the same as in its certificate."
    )
    certificate: Path | None = Field(None, title="Certificate", description="Of the hub (PEM or DER).")
    private_key: Path | None = Field(None, title="Private key", description="Of the hub's certificate (PEM or DER).")
    server_certificate: Path | None = Field(
        None, title="PLC's certificate", description="The only one that is accepted (PEM or DER)."
    )
    user: str | None = Field(None, min_length=1, title="User", description="Signs in with a password; else anonymous.")
    password_file: Path | None = Field(None, title="Password file", description="Its first line is the password.")
    twin_slots: int = Field(
        32, ge=1, le=1_024, title="Slots of the twin", description="Size of both rings of the simulated PLC."
    )
    twin_key: Path | None = Field(None, title="Key of the twin", description="Of the PLC's certificate, if simulated.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.security != "none":
            files = ("certificate", "private_key", "server_certificate")
            missing = [name for name in files if getattr(self, name) is None]
            if missing:
                raise ValueError(f"security {self.security!r} needs {', '.join(missing)}")
        if (self.user is None) != (self.password_file is None):
            raise ValueError("user and password_file go together")
        if self.user is not None and self.security != "sign_and_encrypt":
            raise ValueError("a password travels only where security is 'sign_and_encrypt'")
        return self

    def password(self) -> str | None:
        """First line of the password file; ``None`` without a user. Raises `OSError` where it cannot be read."""
        if self.password_file is None:
            return None
        return self.password_file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
