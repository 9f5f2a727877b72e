"""An OPC UA server with the documented tags and methods: the address space of the simulated PLC."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from asyncua import Server, ua
from asyncua.common.callback import Callback, CallbackService, CallbackType, ServerItemCallback
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.address_space import AddressSpace, AttributeValue, NodeData, NodeManagementService
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import InternalSession
from asyncua.server.standard_address_space import standard_address_space
from asyncua.server.user_managers import UserManager

from karez.sorter.plc.opcua import space
from karez.sorter.plc.opcua.address_space import Method, build
from karez.sorter.plc.opcua.bounds import set_bounds
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.security import der_of, key_of, policy_type

logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
set_bounds()

_OWN_NODES = ("ObjectsFolder", "BaseObjectType", "BaseDataType", "ObjectTypesFolder", "DataTypesFolder", "Server")


@cache
def _standard() -> AddressSpace:
    """The standard's address space: 6,000 nodes that take a second to make and are the same in every server."""
    nodes = AddressSpace()
    service = NodeManagementService(nodes)
    standard_address_space.fill_address_space(service)  # type: ignore[no-untyped-call]  # asyncua gives it no types
    return nodes


def _own_nodes() -> frozenset[ua.NodeId]:
    named = vars(ua.ObjectIds).items()
    return frozenset(
        space.standard_id(number) for name, number in named if name in _OWN_NODES or name.startswith("Server_")
    )


def _copied(node: NodeData) -> NodeData:
    """Copy a node as far as a server changes it: it puts new values and references in, and leaves old ones alone."""
    copy = NodeData(node.nodeid)
    copy.attributes = {
        key: AttributeValue(each.value) for key, each in node.attributes.items() if each.value is not None
    }
    copy.references = list(node.references)
    copy.call = node.call
    return copy


class _SharedStandard(InternalServer):
    """A server whose standard nodes are shared with the others of this process, but for those that it changes.

    It also knows its sessions: asyncua keeps one whose connection is gone until it times out, with its tasks.
    """

    def __init__(self, user_manager: "_Doorman") -> None:
        super().__init__(user_manager=user_manager)
        self._clients: dict[ua.NodeId, InternalSession] = {}

    def register_external_session(self, session: InternalSession) -> None:
        """A client has a session."""
        super().register_external_session(session)
        self._clients[session.auth_token] = session

    def unregister_external_session(self, session: InternalSession) -> None:
        """A session is over."""
        super().unregister_external_session(session)
        self._clients.pop(session.auth_token, None)

    async def close_sessions(self) -> None:
        """End every session of a client."""
        for session in list(self._clients.values()):
            await session.close_session(True)

    async def load_standard_address_space(self, shelf_file: object = None) -> None:
        """Take the shared nodes, and copies of what a running server writes to."""
        shared, own = await asyncio.to_thread(_standard), _own_nodes()
        nodes: Iterable[ua.NodeId] = shared.keys()
        for node in nodes:
            self.aspace[node] = _copied(shared[node]) if node in own else shared[node]


class _Doorman(UserManager):
    """Lets in who has the pinned certificate and, where one is set, the user's password."""

    def __init__(self, options: OpcUaOptions, on_refused: Callable[[str], None]) -> None:
        self._certificate = der_of(options.certificate) if options.security != "none" and options.certificate else None
        self._user, self._password = options.user, options.password()
        self._on_refused = on_refused

    def get_user(
        self,
        iserver: InternalServer,
        username: str | None = None,
        password: str | None = None,
        certificate: bytes | None = None,
    ) -> User | None:
        """Who asks for a session; ``None`` refuses it."""
        if self._certificate is not None and certificate != self._certificate:
            self._on_refused("a client without the hub's certificate")
            return None
        if self._user is not None and (username, password) != (self._user, self._password):
            self._on_refused("a client without the user's password")
            return None
        return User(role=UserRole.User)


class PlcServer:
    """The tags, and the network in front of them.

    Parameters
    ----------
    on_write
        Called after a client has written tags.
    methods
        By name; each is served with the arguments of the documented one.
    on_refused
        Called with a sentence for each session that is refused.
    """

    def __init__(
        self,
        host: str,
        port: int,
        options: OpcUaOptions,
        on_write: Callable[[], None],
        methods: Mapping[str, Method],
        on_refused: Callable[[str], None],
    ) -> None:
        self._host, self.port, self._options = host, port, options
        self._on_write, self._methods = on_write, methods
        self._doorman = _Doorman(options, on_refused)
        self._server: Server | None = None
        self._inside = _SharedStandard(self._doorman)
        self._names: space.Names | None = None

    async def start(self) -> None:
        """Make the tags and listen. Raises `OSError` where the address cannot be bound."""
        self._server = server = Server(self._inside)
        await server.init()
        server.disable_clock()
        server.set_endpoint(f"opc.tcp://{self._host}:{self.port}{self._options.path}")
        server.set_server_name("Karez twin")
        server.set_security_policy([policy_type(self._options)])
        if self._options.security != "none" and self._options.server_certificate and self._options.twin_key:
            key = key_of(self._options.twin_key)
            await server.load_certificate(der_of(self._options.server_certificate), "der")
            await server.load_private_key(key.path_or_content, format=key.extension)
        server.set_identity_tokens([ua.UserNameIdentityToken if self._options.user else ua.AnonymousIdentityToken])
        self._names = space.Names(self._options, await server.register_namespace(self._options.namespace))
        await build(server, self._names, self._options, self._methods)
        server.subscribe_server_callback(CallbackType.PostWrite, self._written)
        await server.start()
        assert server.bserver is not None, "started"
        self.port = server.bserver.port

    async def stop(self) -> None:
        """End it."""
        if self._server is not None:
            await self._server.stop()
            await self._inside.close_sessions()
            self._server = None

    async def cut(self) -> None:
        """Close the network; the tags stay."""
        if self._server is not None and self._server.bserver is not None:
            await self._server.bserver.stop()

    async def mend(self) -> None:
        """Listen again."""
        if self._server is not None and self._server.bserver is not None:
            await self._server.bserver.start()

    def get(self, path: str) -> object:
        """Value of a tag."""
        assert self._server is not None and self._names is not None, "start first"
        data = self._server.iserver.aspace.read_attribute_value(self._names.id(path), ua.AttributeIds.Value)
        return data.Value.Value if data.Value is not None else None

    async def set(self, path: str, value: ua.Variant) -> None:
        """Write a tag, as the PLC's program does."""
        assert self._server is not None and self._names is not None, "start first"
        await self._server.write_attribute_value(self._names.id(path), ua.DataValue(value))

    def _written(self, event: Callback, _: CallbackService) -> None:
        if isinstance(event, ServerItemCallback) and event.is_external:
            self._on_write()
