"""Makes the documented tags and methods in an OPC UA server, as a tree that a client can browse."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence

from asyncua import Server, ua
from asyncua.common.node import Node

from karez.sorter.plc.opcua import space
from karez.sorter.plc.opcua.options import OpcUaOptions

Method = Callable[[Sequence[object]], Awaitable[int]]
"""Takes a method's arguments, gives its one result."""

_READ = 1 << ua.AccessLevel.CurrentRead.value
_WRITE = 1 << ua.AccessLevel.CurrentWrite.value


async def build(server: Server, names: space.Names, options: OpcUaOptions, methods: Mapping[str, Method]) -> None:
    """Make everything that this mode needs.

    Parameters
    ----------
    methods
        By name, for mode ``method``.
    """
    root = await server.nodes.objects.add_object(names.root, "Karez")
    tree = _Tree(names)
    items = [tree.folder("Plc", names.root), tree.folder("Hub", names.root)]
    items += [tree.tag(path, kind, "Plc") for path, kind in space.PLC_TAGS.items()]
    items += [tree.tag(path, kind, "Hub", writable=True) for path, kind in space.HUB_TAGS.items()]
    for slot in range(options.twin_slots):
        if options.mode == "method":
            items.append(tree.tag(space.text_slot(slot), space.TEXT, "Plc"))
        else:
            items += tree.slot("Plc", slot, space.PLC_SLOT, writable=False)
            items += tree.slot("Hub", slot, space.HUB_SLOT, writable=True)
    for result in await server.iserver.isession.add_nodes(items):
        result.StatusCode.check()
    if options.mode == "method":
        for kind_name, name in space.METHODS.items():
            await _method(root, names.id(name), name, space.FIELDS_OF[kind_name], methods[name])


class _Tree:
    """Makes the requests for nodes; a path's last part is what a client shows."""

    def __init__(self, names: space.Names) -> None:
        self._names = names

    def folder(self, path: str, parent: ua.NodeId) -> ua.AddNodesItem:
        """A node that only holds others."""
        attributes = ua.ObjectAttributes(DisplayName=ua.LocalizedText(_last(path)))
        return self._item(path, parent, ua.NodeClass.Object, ua.ObjectIds.BaseObjectType, attributes)

    def tag(
        self, path: str, kind: ua.VariantType, parent: str, *, many: bool = False, writable: bool = False
    ) -> ua.AddNodesItem:
        """A variable, empty."""
        access = _READ | _WRITE if writable else _READ
        attributes = ua.VariableAttributes(
            DisplayName=ua.LocalizedText(_last(path)),
            DataType=space.standard_id(kind.value),
            Value=ua.Variant([] if many else "" if kind is space.TEXT else 0, kind, is_array=many),
            ValueRank=ua.ValueRank.OneDimension if many else ua.ValueRank.Scalar,
            AccessLevel=access,
            UserAccessLevel=access,
        )
        return self._item(
            path, self._names.id(parent), ua.NodeClass.Variable, ua.ObjectIds.BaseDataVariableType, attributes
        )

    def slot(self, side: str, slot: int, fields: Sequence[space.Field], *, writable: bool) -> Iterator[ua.AddNodesItem]:
        """A slot of mode ``tags``: number, type and fields."""
        parent = f"{side}.Slot[{slot}]"
        yield self.folder(parent, self._names.id(side))
        number, kind, *paths = space.slot_tags(side, slot, fields)
        yield self.tag(number, space.WHOLE, parent, writable=writable)
        yield self.tag(kind, space.TEXT, parent, writable=writable)
        for path, field in zip(paths, fields, strict=True):
            yield self.tag(path, field.kind, parent, many=field.many, writable=writable)

    def _item(
        self, path: str, parent: ua.NodeId, kind: ua.NodeClass, type_definition: int, attributes: object
    ) -> ua.AddNodesItem:
        node = self._names.id(path)
        return ua.AddNodesItem(
            ParentNodeId=parent,
            ReferenceTypeId=space.standard_id(ua.ObjectIds.HasComponent),
            RequestedNewNodeId=node,
            BrowseName=ua.QualifiedName(_last(path), node.NamespaceIndex),
            NodeClass=kind,
            NodeAttributes=attributes,
            TypeDefinition=space.standard_id(type_definition),
        )


def _last(path: str) -> str:
    return path.rpartition(".")[2]


async def _method(root: Node, node: ua.NodeId, name: str, fields: Iterable[space.Field], serve: Method) -> None:
    async def called(_: ua.NodeId, *arguments: ua.Variant) -> list[ua.Variant]:
        return [ua.Variant(await serve([each.Value for each in arguments]), space.WHOLE)]

    inputs = [_argument(name, kind) for name, kind in space.METHOD_HEAD]
    inputs += [_argument(field.tag, field.kind, many=field.many) for field in fields]
    await root.add_method(node, ua.QualifiedName(name, node.NamespaceIndex), called, inputs, [_TAKEN])


def _argument(name: str, kind: ua.VariantType, *, many: bool = False) -> ua.Argument:
    return ua.Argument(Name=name, DataType=space.standard_id(kind.value), ValueRank=1 if many else -1)


_TAKEN = _argument("Taken", space.WHOLE)
