"""A hub and a simulated PLC over OPC UA, the certificates of both, and a server that is none."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from driver_suite import Ends, start_plc, start_twin
from karez.settings import SorterSection

Options = Mapping[str, str | int | bool]

QUICK: Options = {"twin_slots": 8, "request_timeout_ms": 500}


def settings(port: int = 0, heartbeat_ms: int = 100, **options: str | int | bool) -> SorterSection:
    return SorterSection(
        driver="opcua", role="client", port=port, heartbeat_ms=heartbeat_ms, options={**QUICK, **options}
    )


@asynccontextmanager
async def linked(plc_options: Options | None = None, **options: str | int | bool) -> AsyncIterator[Ends]:
    """Both ends, linked; ``plc_options`` where the PLC is set otherwise than the hub."""
    async with unlinked(plc_options, **options) as pair:
        await pair.until(lambda: pair.plc.linked and pair.twin.linked)
        yield pair


@asynccontextmanager
async def unlinked(plc_options: Options | None = None, **options: str | int | bool) -> AsyncIterator[Ends]:
    """Both ends, started."""
    twin = await start_twin(settings(**{**options, **(plc_options or {})}), 0)
    mine = settings(twin.port, **options)
    pair = Ends(await start_plc(mine), twin, mine)
    reading = asyncio.create_task(pair.read())
    try:
        yield pair
    finally:
        await pair.plc.stop()
        await pair.twin.stop()
        await reading


def certificate(folder: Path, name: str, uri: str) -> tuple[str, str]:
    """Make a certificate that signs itself, and its key: the files, PEM."""
    key = rsa.generate_private_key(65_537, 2_048)
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(cert), str(private)


# ---- a server that is none -------------------------------------------------------------------------------------------


async def record(port: int, listen: Callable[[], object]) -> list[bytes]:
    """What an honest server on this port answers, message by message, to the hub that ``listen`` starts.

    ``listen`` is called with the port to call instead, and returns what has to be awaited.
    """
    answers: list[bytes] = []

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)

        async def forth() -> None:
            while chunk := await reader.read(65_536):
                back.write(chunk)
            back.close()

        task = asyncio.create_task(forth())
        with suppress(OSError):
            while chunk := await there.read(65_536):
                answers.append(chunk)
                writer.write(chunk)
        task.cancel()
        writer.close()

    server = await asyncio.start_server(joined, "127.0.0.1", 0)
    await listen(server.sockets[0].getsockname()[1])
    server.close()
    return answers


class Garbler:
    """Answers whoever calls with noise, or with what an honest server once said, damaged somewhere.

    Attributes
    ----------
    streams
        How many connections it has spoiled.
    """

    def __init__(self, honest: list[bytes], seed: int) -> None:
        self._honest, self._chance = honest, Random(seed)
        self._server: asyncio.Server | None = None
        self.streams = 0

    async def start(self, port: int = 0) -> int:
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self._server.close()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.streams += 1
        chance = self._chance
        good = chance.randrange(len(self._honest)) if chance.random() < 0.8 else 0
        with suppress(OSError):
            for answer in self._honest[:good]:
                await reader.read(65_536)
                writer.write(answer)
            await reader.read(65_536)
            writer.write(self._damaged(self._honest[good]) if good or chance.random() < 0.5 else self._noise())
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()

    def _noise(self) -> bytes:
        head = self._chance.choice([b"", b"ACKF", b"MSGF", b"OPNF", b"ERRF", b"MSGC", b"HTTP/1.1 400 \r\n\r\n"])
        return head + self._chance.randbytes(self._chance.choice([1, 7, 24, 60, 3_000]))

    def _damaged(self, answer: bytes) -> bytes:
        raw, chance = bytearray(answer), self._chance
        for _ in range(chance.choice([1, 1, 2, 8])):
            at = chance.randrange(len(raw))
            if chance.random() < 0.6:
                raw[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
            elif chance.random() < 0.5:
                raw[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00"])
            else:
                del raw[at : at + chance.randint(1, 9)]
        return bytes(raw)
