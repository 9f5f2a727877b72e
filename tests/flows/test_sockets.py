"""Nothing opens a socket that no setting names."""

from pathlib import Path

from flows.hand_hall import hand_hall, hub_process, until_up, write_hub


def family(root: int) -> set[int]:
    """A process and all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {root}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def internet_sockets(processes: set[int]) -> set[tuple[str, str, int, int]]:
    """TCP and UDP sockets of these processes: protocol, state, local and remote port (all must be on loopback)."""
    inodes = set()
    for process in processes:
        for link in Path(f"/proc/{process}/fd").glob("*"):
            try:
                name = str(link.readlink())
            except OSError:
                continue
            if name.startswith("socket:["):
                inodes.add(name[8:-1])
    found = set()
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        for row in Path(f"/proc/net/{protocol}").read_text().splitlines()[1:]:
            cells = row.split()
            if cells[9] in inodes:
                (local, remote), state = (cells[1], cells[2]), cells[3]
                assert local.startswith("0100007F:"), f"{protocol} {local} is not on loopback"
                found.add((protocol, state, int(local.partition(":")[2], 16), int(remote.partition(":")[2], 16)))
    return found


async def test_a_running_hub_listens_on_its_two_named_ports_of_loopback_and_calls_nobody(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    with hub_process(config) as process:
        settings = await until_up(config, process)
        async with hand_hall(settings) as hall:
            hall.parcel(1)
            await hall.answered(1)
            found = internet_sockets(family(process.pid))
    named = {settings.sorter.port, settings.web.port}
    assert {local for _, state, local, _ in found if state == "0A"} <= named, "0A is LISTEN"
    assert settings.sorter.port in {local for _, _, local, _ in found}
    assert {local for _, _, local, _ in found} <= named, "every connection came to one of the named ports"
    assert {protocol for protocol, *_ in found} <= {"tcp"}
