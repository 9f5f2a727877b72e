"""A hub that cannot have what it needs says so and ends; a demo never empties another's folder."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from karez.cli import app, preflight
from karez.domain.errors import BadConfig, BadInput
from karez.eventstore.store import EventStore
from karez.settings import load
from karez.simulation.demo_hub import alone_in
from small_hub import write_files


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "_PATIENCE_S", 0.0)


def test_a_hub_is_told_that_another_one_has_its_data_folder(tmp_path: Path) -> None:
    settings = load(write_files(tmp_path), {"web": {"port": 0}, "sorter": {"port": 0}}).settings
    preflight.check_free(settings)
    store = EventStore.open_writing(settings.store_url)
    with pytest.raises(BadInput, match="another hub runs"):
        preflight.check_free(settings)
    store.close()
    preflight.check_free(settings)


@pytest.mark.parametrize("section", ["web", "sorter"])
def test_a_hub_is_told_which_setting_names_a_port_that_is_taken(section: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"web": {"port": 0}, "sorter": {"port": 0}} | {section: {"port": other.getsockname()[1]}}
        settings = load(write_files(tmp_path), ports).settings
        with pytest.raises(BadInput, match=rf"{section}\.port.*taken"):
            preflight.check_free(settings)


@pytest.mark.parametrize("section", ["web", "sorter"])
@pytest.mark.parametrize("host", ["192.0.2.1", "not a host"])
def test_a_hub_is_told_which_setting_names_an_address_that_is_not_here(section: str, host: str, tmp_path: Path) -> None:
    sections = {"web": {"port": 0, "token": "a token for a test"}, "sorter": {"port": 0, "allow": ["192.0.2.2"]}}
    settings = load(write_files(tmp_path), sections | {section: sections[section] | {"host": host}}).settings
    with pytest.raises(BadInput, match=rf"{section}\.host.*no address '{host}'"):
        preflight.check_free(settings)


def test_pages_and_sorter_cannot_have_one_port(tmp_path: Path) -> None:
    settings = load(write_files(tmp_path), {"web": {"port": 8410}, "sorter": {"port": 8410}}).settings
    with pytest.raises(BadInput, match=r"sorter\.port.*that of the pages"):
        preflight.check_free(settings)


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with alone_in(tmp_path / "demo"), pytest.raises(BadInput, match="another demo"), alone_in(tmp_path / "demo"):
        pass
    with alone_in(tmp_path / "demo"):
        pass


def test_a_backup_into_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    EventStore.open_writing(f"sqlite:///{tmp_path / 'data' / 'karez.db'}").close()
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "nowhere" / "b.tar"), "--config", str(config)])
    assert isinstance(done.exception, BadInput) and "no such folder" in str(done.exception)


def test_a_fault_from_the_environment_names_the_variable_and_a_token_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_files(tmp_path)
    monkeypatch.setenv("KAREZ_WEB__PORT", "abc")
    monkeypatch.setenv("KAREZ_WEB__TOKEN", "hunter2")
    with pytest.raises(BadInput) as refused:
        load(config)
    assert "KAREZ_WEB__PORT (environment)" in str(refused.value) and "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('driver = "nope"', "sorter.driver: none is called 'nope'"),
        ('driver = "s7"', "sorter.role: driver 's7' can be client only"),
        ('tls_cert = "no.pem"', "sorter.tls_cert: there is no file"),
        ('driver = "osip"\noptions = { what = 3 }', "sorter.options.what: there is no such setting"),
        ('driver = "osip"\noptions = { codes = "7" }', "sorter.options.codes: '7' is not of the form name=value"),
    ],
)
def test_config_check_names_file_line_and_field_of_what_the_driver_cannot_use(
    tmp_path: Path, wrong: str, told: str
) -> None:
    config = write_files(tmp_path)
    config.write_text(config.read_text("utf-8") + f"[sorter]\n{wrong}\n", "utf-8")
    done = CliRunner().invoke(app, ["config", "check", str(config)])
    assert isinstance(done.exception, BadConfig) and f"{config}:" in str(done.exception)
    assert told in str(done.exception)
