"""One OPC UA session from the hub to a PLC's server: connect, read, write, call, subscribe, renew, end."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from asyncua import Client, ua

from karez.domain.errors import BadTelegram
from karez.sorter.plc.opcua import wire
from karez.sorter.plc.opcua.bounds import set_bounds
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.security import secure
from karez.sorter.plc.opcua.space import Names
from karez.sorter.plc.opcua.tap import Tap

# asyncua logs every broken connection with its stack; whatever matters is a link event here.
logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
set_bounds()

_SESSION_MS = 15_000  # a PLC has few sessions: one of a killed hub must not be kept long
_KEEP_ALIVE_MS = 1_000
_LIFETIME_MS = 10_000
_GOODBYE_S = 0.5

Change = tuple[int, ua.DataValue]
"""Handle of a watched tag, and its new value."""


class PlcSession:
    """A session with a PLC's server.

    Parameters
    ----------
    url
        Of the endpoint.
    on_end
        Called with a sentence when the connection is gone.
    """

    def __init__(self, url: str, options: OpcUaOptions, on_end: Callable[[str], None]) -> None:
        self._options, self._on_end = options, on_end
        self._client = Client(url, timeout=options.request_timeout_ms / 1000)
        self._client.application_uri = options.application_uri
        self._client.name = self._client.description = "Karez hub"
        self._client.secure_channel_timeout = options.channel_lifetime_s * 1000
        self._client.session_timeout = _SESSION_MS
        self._names: Names | None = None
        self.tap: Tap | None = None

    @property
    def names(self) -> Names:
        """Node ids in this server."""
        assert self._names is not None, "connect first"
        return self._names

    async def connect(self) -> None:
        """Open socket, channel and session.

        Raises
        ------
        BadTelegram
            Where the server has not the namespace that the options name.
        OSError, TimeoutError, ua.UaError
            Where there is no such session to be had.
        """
        await secure(self._client, self._options)
        await self._open()
        await self._client.create_session()
        await self._client.activate_session(username=self._options.user, password=self._options.password())
        self._names = Names(self._options, await self._namespace())

    async def certificates(self) -> set[bytes]:
        """What certificates the server shows to whoever asks, over a channel without security: it proves nothing."""
        await self._open()
        endpoints = await self._client.get_endpoints()
        return {bytes(each.ServerCertificate) for each in endpoints if each.ServerCertificate}

    async def _open(self) -> None:
        await self._client.connect_socket()
        assert self._client.uaclient.protocol is not None
        self.tap = Tap(self._client.uaclient.protocol, self._on_end)
        await self._client.send_hello()
        await self._client.open_secure_channel()

    async def _namespace(self) -> int:
        uris = await self._client.nodes.namespace_array.read_value()
        if not isinstance(uris, list) or self._options.namespace not in uris:
            raise BadTelegram(f"the PLC has no namespace {self._options.namespace!r}")
        return uris.index(self._options.namespace)

    async def renew(self) -> None:
        """Renew the secure channel at three quarters of its lifetime, again and again."""
        while True:
            await asyncio.sleep(self._client.secure_channel_timeout / 1000 * 0.75)
            await self._client.open_secure_channel(renew=True)
            self._client.uaclient.revolve_security_token()

    async def read(self, paths: Sequence[str]) -> list[ua.DataValue]:
        """Values of these tags, as many as were asked for. Raises `BadTelegram` where the answer has another length."""
        request = ua.ReadParameters()
        request.NodesToRead = [ua.ReadValueId(self.names.id(path), ua.AttributeIds.Value) for path in paths]
        values = await self._client.uaclient.session.read(request)
        if values is None or len(values) != len(paths):
            raise BadTelegram("an answer to a read has not as many values as were asked for")
        return values

    async def write(self, values: Mapping[str, ua.Variant]) -> None:
        """Set these tags. Raises `BadTelegram` where the PLC refuses one."""
        request = ua.WriteParameters()
        request.NodesToWrite = [
            ua.WriteValue(self.names.id(path), ua.AttributeIds.Value, None, ua.DataValue(value))
            for path, value in values.items()
        ]
        answers = await self._client.uaclient.session.write(request)
        for path, status in zip(values, answers, strict=False):
            if not status.is_good():
                raise BadTelegram(f"the PLC does not let {path} be written ({status.name})")

    async def call(self, calls: Sequence[tuple[str, list[ua.Variant]]]) -> list[int]:
        """Call methods of the PLC, in order, in one request; the first result of each.

        Raises
        ------
        BadTelegram
            Where the PLC refuses a call or does not answer with a number.
        """
        requests = [
            ua.CallMethodRequest(self.names.root, self.names.id(method), arguments) for method, arguments in calls
        ]
        answers = await self._client.uaclient.session.call(requests)
        if answers is None or len(answers) != len(calls):
            raise BadTelegram("an answer to a call has not as many results as there were calls")
        return [_first_result(method, answer) for (method, _), answer in zip(calls, answers, strict=True)]

    async def watch(self, paths: Mapping[int, str], on_change: Callable[[list[Change]], None]) -> None:
        """Have changes of these tags told, by handle; the present values come first.

        Raises
        ------
        BadTelegram
            Where the PLC does not let one be watched.
        """
        interval_ms = self._options.publishing_ms
        asked = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=interval_ms,
            RequestedLifetimeCount=max(30, _LIFETIME_MS // interval_ms),
            RequestedMaxKeepAliveCount=max(2, _KEEP_ALIVE_MS // interval_ms),
            MaxNotificationsPerPublish=0,
            PublishingEnabled=True,
            Priority=0,
        )
        session = self._client.uaclient.session
        given = await session.create_subscription(asked, lambda result: on_change(_changes(result)))
        items = ua.CreateMonitoredItemsParameters(given.SubscriptionId, ua.TimestampsToReturn.Neither)
        items.ItemsToCreate = [self._item(handle, path) for handle, path in paths.items()]
        answers = await session.create_monitored_items(items)
        for path, answer in zip(paths.values(), answers, strict=False):
            if not answer.StatusCode.is_good():
                raise BadTelegram(f"the PLC does not let {path} be watched ({answer.StatusCode.name})")

    def _item(self, handle: int, path: str) -> ua.MonitoredItemCreateRequest:
        parameters = ua.MonitoringParameters(
            ClientHandle=handle, SamplingInterval=0.0, QueueSize=self._options.queue_size, DiscardOldest=True
        )
        what = ua.ReadValueId(self.names.id(path), ua.AttributeIds.Value)
        return ua.MonitoredItemCreateRequest(what, ua.MonitoringMode.Reporting, parameters)

    async def end(self, *, goodbye: bool) -> None:
        """Close it; without goodbye, or where the server does not answer one, by cutting the connection."""
        if goodbye and self.tap is not None and not self.tap.gone:
            with suppress(Exception):
                async with asyncio.timeout(_GOODBYE_S):
                    await self._client.disconnect()
        if self.tap is not None:
            self.tap.abort()
            await asyncio.sleep(0)
        with suppress(Exception):
            await self._client.disconnect()  # nothing is sent any more: ends asyncua's own tasks


def _first_result(method: str, answer: ua.CallMethodResult) -> int:
    if not answer.StatusCode.is_good():
        raise BadTelegram(f"the PLC refuses the call of {method} ({answer.StatusCode.name})")
    results = answer.OutputArguments
    if not results or not isinstance(results[0], ua.Variant):
        raise BadTelegram(f"method {method} gives no number")
    return wire.whole(results[0].Value)


def _changes(result: ua.PublishResult) -> list[Change]:
    notifications = result.NotificationMessage.NotificationData or []
    return [
        (item.ClientHandle, item.Value)
        for notification in notifications
        if isinstance(notification, ua.DataChangeNotification)
        for item in notification.MonitoredItems or []
    ]
