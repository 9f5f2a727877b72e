"""Pictures are kept once, by content, within their quota; a backup brings everything back."""

import io
import os
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from karez.domain import events as ev
from karez.domain.errors import BadInput, StoreError
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId, PictureId
from karez.eventstore.backup import backup, restore
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_picture_is_found_by_its_content_hash(tmp_path: Path) -> None:
    pictures = PictureStore(tmp_path)
    picture = pictures.keep(Frame(b"a picture"))
    assert picture is not None
    path = pictures.path(picture)
    assert path is not None and path.read_bytes() == b"a picture"


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    pictures = PictureStore(tmp_path)
    assert pictures.keep(Frame(b"same", camera="a")) == pictures.keep(Frame(b"same", camera="b"))
    assert len(list(tmp_path.glob("*/*"))) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "zz", "A" * 64])
def test_a_name_that_is_no_hash_finds_nothing(tmp_path: Path, name: str) -> None:
    assert PictureStore(tmp_path).path(PictureId(name)) is None


def test_pictures_stop_before_the_reserve_of_the_events_is_touched(tmp_path: Path) -> None:
    assert PictureStore(tmp_path, reserve_bytes=1 << 60).keep(Frame(b"x")) is None


def test_old_pictures_go_first_by_age_then_by_quota(tmp_path: Path) -> None:
    pictures = PictureStore(tmp_path)
    for age, data in ((40, b"old"), (3, b"middle"), (1, b"new")):
        picture = pictures.keep(Frame(data))
        assert picture is not None
        path = pictures.path(picture)
        assert path is not None
        then = (NOW - timedelta(days=age)).timestamp()
        os.utime(path, (then, then))
    assert pictures.sweep(NOW, keep_days=30, quota_bytes=1000) == 1
    assert pictures.sweep(NOW, keep_days=30, quota_bytes=3) == 1
    assert pictures.path(Frame(b"new").picture) is not None


def filled(data_dir: Path) -> None:
    store = EventStore.open_writing(f"sqlite:///{data_dir / 'karez.db'}")
    for name in ("a", "b"):
        parcel = ParcelId(name)
        store.append(ev.parcel_stream(parcel), 0, [ev.ParcelInducted(parcel, 1, "I1", 0)])
    store.close()
    PictureStore(data_dir / "pictures").keep(Frame(b"a picture"))


def test_a_backup_brings_events_and_pictures_back(tmp_path: Path) -> None:
    filled(tmp_path / "hub")
    manifest = backup(tmp_path / "hub", tmp_path / "b.tar", NOW)
    assert (manifest.events, manifest.pictures) == (2, 1)
    assert restore(tmp_path / "b.tar", tmp_path / "other") == manifest
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'other' / 'karez.db'}")
    assert [row.parcel for row in store.parcels.live()] == ["a", "b"]
    store.close()
    assert PictureStore(tmp_path / "other" / "pictures").path(Frame(b"a picture").picture) is not None


def test_a_backup_is_never_overwritten_and_a_store_never_restored_over(tmp_path: Path) -> None:
    filled(tmp_path / "hub")
    backup(tmp_path / "hub", tmp_path / "b.tar", NOW)
    with pytest.raises(BadInput, match="exists already"):
        backup(tmp_path / "hub", tmp_path / "b.tar", NOW)
    with pytest.raises(BadInput, match="holds an event store already"):
        restore(tmp_path / "b.tar", tmp_path / "hub")


def test_a_damaged_backup_restores_nothing(tmp_path: Path) -> None:
    filled(tmp_path / "hub")
    backup(tmp_path / "hub", tmp_path / "b.tar", NOW)
    with tarfile.open(tmp_path / "b.tar") as old, tarfile.open(tmp_path / "c.tar", "w") as new:
        for member in old:
            source = old.extractfile(member)
            assert source is not None
            data = source.read().replace(b"parcel.inducted", b"parcel.abducted")
            new.addfile(member, io.BytesIO(data))
    with pytest.raises(StoreError, match="damaged"):
        restore(tmp_path / "c.tar", tmp_path / "other")
    (tmp_path / "d.tar").write_text("hello")
    with pytest.raises(BadInput, match="no backup"):
        restore(tmp_path / "d.tar", tmp_path / "other")
    assert not (tmp_path / "other" / "karez.db").exists()


def test_a_tar_file_that_would_write_elsewhere_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    with tarfile.open(tmp_path / "e.tar", "w") as archive:
        archive.add(tmp_path / "evil", "../outside")
    with pytest.raises(BadInput, match="no place in a backup"):
        restore(tmp_path / "e.tar", tmp_path / "hub" / "data")
    assert not (tmp_path / "hub" / "outside").exists()


def test_a_sweep_goes_on_where_a_picture_vanishes_under_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = PictureStore(tmp_path)
    old, gone = pictures.keep(Frame(b"old")), pictures.keep(Frame(b"a reader's half-written file"))
    assert old is not None and gone is not None
    vanishing, glob = pictures.path(gone), Path.glob

    def listed(folder: Path, pattern: str) -> list[Path]:
        found = list(glob(folder, pattern))
        assert vanishing is not None
        vanishing.unlink()
        return found

    monkeypatch.setattr(Path, "glob", listed)
    assert pictures.sweep(datetime(2100, 1, 1, tzinfo=UTC), keep_days=1, quota_bytes=1) == 1
    assert pictures.path(old) is None


def test_a_picture_that_is_swept_during_a_backup_does_not_spoil_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path / "hub")
    pictures = PictureStore(tmp_path / "hub" / "pictures")
    swept = pictures.keep(Frame(b"swept"))
    assert swept is not None
    path, add = pictures.path(swept), tarfile.TarFile.add

    def added(archive: tarfile.TarFile, name: Path, arcname: str) -> None:
        assert path is not None
        path.unlink(missing_ok=True)
        add(archive, name, arcname)

    monkeypatch.setattr(tarfile.TarFile, "add", added)
    made = backup(tmp_path / "hub", tmp_path / "b.tar", NOW)
    restored = restore(tmp_path / "b.tar", tmp_path / "new")
    assert restored == made and made.pictures == len(list((tmp_path / "new" / "pictures").glob("??/*")))


def test_a_store_is_not_restored_beside_the_log_of_another(tmp_path: Path) -> None:
    filled(tmp_path / "hub")
    backup(tmp_path / "hub", tmp_path / "b.tar", NOW)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "karez.db-wal").write_bytes(b"of a store that was moved away")
    with pytest.raises(BadInput, match="already"):
        restore(tmp_path / "b.tar", tmp_path / "new")
