"""Request bodies with a limit: read as they come, refused as soon as they are too large; raw or as a form."""

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from karez.domain.errors import BadInput

_FORM_OVERHEAD = 64 * 1024
"""A multipart form may be larger than its file by so many bytes."""


class TooLarge(BadInput):
    """The body is larger than the limit."""

    key = "error.too_large"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, its name where a form gave one, and the other fields of the form."""

    data: bytes
    filename: str
    fields: dict[str, str]


async def receive_file(request: Request, most_bytes: int) -> Upload:
    """Take the file of a request: the whole body, or the one file of a ``multipart/form-data`` form.

    Raises
    ------
    TooLarge
        Before more than the limit has been held in memory.
    BadInput
        When the form cannot be parsed or holds no file, or the body is empty.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        body = await _bounded(request, most_bytes + _FORM_OVERHEAD)
        upload = await _from_form(request, body)
    else:
        upload = Upload(await _bounded(request, most_bytes), "", {})
    if len(upload.data) > most_bytes:
        raise _too_large(most_bytes)
    if not upload.data:
        raise BadInput("is empty", "body", "send the file's bytes as the body, or as the one file of a form")
    return upload


async def _bounded(request: Request, most_bytes: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most_bytes:
        raise _too_large(most_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
    return bytes(body)


async def _from_form(request: Request, body: bytes) -> Upload:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, receive).form(max_files=1, max_fields=16) as form:
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            if not files:
                raise BadInput("holds no file", "form", "add the file as one part of the form")
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            return Upload(await files[0].read(), files[0].filename or "", fields)
    except MultiPartException as fault:
        raise BadInput(f"cannot be parsed: {fault.message}", "form", "send multipart/form-data with one file") from None


def _too_large(most_bytes: int) -> TooLarge:
    megabytes = most_bytes / 1_000_000
    return TooLarge(f"is larger than {megabytes:g} MB", "body", "send a smaller file, or raise frames.max_mb")
