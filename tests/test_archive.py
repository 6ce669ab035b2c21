"""The archive of raw answers: what is kept is found again, exactly, or is said to be damaged.

Every answer here is made up: SYNTETISKA TESTDATA.
"""

import errno
import gzip
import json
import logging
import os
import sys
import tempfile
import threading
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from affarsplan_data.archive import (
    Archive,
    ArchiveBusyError,
    ArchiveError,
    ArchiveFullError,
    ArchiveNameError,
    ArchiveWriteError,
    DamagedAnswerError,
    MissingAnswerError,
    Provenance,
    Query,
    packing,
    records,
    writing,
)
from tests.archive_samples import (
    ASK,
    START,
    V1,
    V2,
    V3,
    ask,
    commit,
    in_child,
    keep,
    kinds,
    newest,
    object_of,
    provenance_of,
)


@pytest.fixture
def archive(tmp_path) -> Archive:
    return Archive(tmp_path / "archive")


# Keeping and finding


@pytest.mark.parametrize("content", [b"", b"\x00", b"{}", "Västmanland".encode(), bytes(10**6)])
def test_what_is_kept_is_found_byte_for_byte(archive, content):
    record = keep(archive, content)
    found = archive.find("scb", "TAB1", ASK)
    assert found.content == content == gzip.decompress(object_of(archive, record).read_bytes())
    assert found.provenance == record == archive.read("scb", "TAB1", record.id).provenance
    assert Archive(archive.folder).find("scb", "TAB1", ASK).content == content
    assert kinds(archive) == []


def test_an_empty_archive_answers_everything_without_being_made(archive):
    assert archive.find("scb", "TAB1", ASK) is None
    assert archive.history("scb", "TAB1", ASK) == archive.snapshots("scb", "TAB1") == []
    assert newest(archive) is None
    assert archive.names() == archive.listing() == []
    assert archive.verify().ok
    assert archive.prune(1).removed == []
    assert not archive.folder.exists()
    with pytest.raises(MissingAnswerError, match="har inte"):
        archive.read("scb", "TAB1", "0" * 16 + "-" + "0" * 16)


def test_the_provenance_on_disk_can_be_read_by_a_person(archive):
    record = keep(archive)
    lying = json.loads(provenance_of(archive, record).read_text(encoding="utf-8"))
    assert lying["url"] == ASK.url
    assert lying["updated"] == V1
    assert lying["retrieved"] == "2026-01-01T12:00:00Z"
    assert "Kön" in provenance_of(archive, record).read_text(encoding="utf-8")


def test_a_time_without_zone_is_refused(archive):
    with pytest.raises(ValueError, match="timezone"):
        archive.keep(
            "scb",
            "TAB1",
            ASK,
            content=b"",
            status=200,
            headers={},
            retrieved=datetime(2026, 1, 1),
            client="",
        )


def test_the_same_question_in_other_words_is_the_same_and_another_order_in_a_list_is_not():
    def body(text: str | None) -> str:
        return Query("POST", "u", text).key

    assert body('{"a": 1, "b": [1, 2]}') == body('{ "b":[1,2],"a":1}')
    assert body('{"b": [1, 2]}') != body('{"b": [2, 1]}')
    assert body('{"a": 1}') != body('{"a": "1"}')
    assert body('{"a": 1, "a": 2}') != body('{"a": 2}')
    assert len({body(None), body(""), body("null"), body("ingen json"), body("[" * 10**5)}) == 5
    assert Query("get", "u").key == Query("GET", "u").key != Query("POST", "u").key


def test_only_the_vintage_asked_for_is_found_and_old_ones_stay(archive):
    keep(archive, "gammal", updated=V1, day=0)
    keep(archive, "ny", updated=V2, day=1)
    assert archive.find("scb", "TAB1", ASK).content == b"ny"
    assert archive.find("scb", "TAB1", ASK, updated=V1).content == b"gammal"
    assert archive.find("scb", "TAB1", ASK, updated=V3) is None
    assert [r.updated for r in archive.history("scb", "TAB1", ASK)] == [V1, V2]
    same_moment = "2025-12-04T08:00:00.000+01:00"
    assert archive.find("scb", "TAB1", ASK, updated=same_moment).content == b"ny"


def test_a_clock_set_back_and_touched_files_do_not_change_which_answer_is_newest(archive):
    keep(archive, "ny", updated=V2, day=0)
    old = keep(archive, "gammal", updated=V1, day=-300)
    for path in (object_of(archive, old), provenance_of(archive, old)):
        os.utime(path, (4e9, 4e9))
    assert archive.find("scb", "TAB1", ASK).content == b"ny"


def test_the_same_answer_again_moves_only_last_seen(archive):
    first = keep(archive, day=0)
    again = keep(archive, day=3)
    assert again == first.model_copy(update={"last_seen": START + timedelta(days=3)})
    assert keep(archive, day=1) == again
    assert archive.history("scb", "TAB1", ASK) == [again]


def test_the_same_answer_in_a_new_vintage_is_found_as_both(archive):
    keep(archive, "samma", updated=V1, day=0)
    keep(archive, "annat", updated=V2, day=1)
    back = keep(archive, "samma", updated=V3, day=2)
    assert (back.updated, back.earlier_updated) == (V3, (V1,))
    assert archive.find("scb", "TAB1", ASK).content == b"samma"
    for updated, content in [(V1, b"samma"), (V2, b"annat"), (V3, b"samma")]:
        assert archive.find("scb", "TAB1", ASK, updated=updated).content == content


def test_an_answer_without_vintage_that_comes_back_is_the_newest(archive):
    for day, content in enumerate(["a", "b", "a"]):
        keep(archive, content, updated=None, day=day)
    assert archive.find("scb", "TAB1", ASK).content == b"a"


def test_two_questions_with_the_same_answer_share_its_content(archive):
    one, two = keep(archive, query=ask(1)), keep(archive, query=ask(2))
    assert object_of(archive, one) == object_of(archive, two)
    assert one.id != two.id
    assert archive.verify().checked == 2
    assert archive.verify().bytes == one.size


def test_a_query_whose_hash_only_begins_alike_is_not_taken_for_it(archive, monkeypatch):
    monkeypatch.setattr(Query, "key", property(lambda self: "0" * 16 + self.method.ljust(48, "0")))
    keep(archive, "get", Query("GET", "u"))
    assert archive.find("scb", "TAB1", Query("PUT", "u")) is None
    with pytest.raises(ArchiveWriteError, match="samma namn"):
        keep(archive, "get", Query("PUT", "u"))


# Names


BAD = ["../x", "/etc", "a/b", "a\\b", "", ".", "..", ".dold", "a\0b", "a b", "CON", "con.txt", "nul",
       "COM1", "LPT9.x", "slut.", "a:b", "é", "x" * 101, "a\n", "~", "*"]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_name_that_cannot_be_a_folder_everywhere_is_refused_for_reading_and_writing(archive, bad):
    for call in (
        lambda: archive.find(bad, "TAB1", ASK),
        lambda: archive.find("scb", bad, ASK),
        lambda: archive.standing(bad, "TAB1", None),
        lambda: keep(archive, name=bad),
        lambda: archive.read("scb", bad, "0" * 16 + "-" + "0" * 16),
    ):
        with pytest.raises(ArchiveNameError, match="kan inte vara namn"):
            call()
    assert not archive.folder.exists()


@pytest.mark.parametrize("bad", ["../../x", "", "0" * 33, "A" * 16 + "-" + "0" * 16, "\0"])
def test_an_id_that_is_not_one_is_refused(archive, bad):
    with pytest.raises(ArchiveNameError, match="inte ett id"):
        archive.read("scb", "TAB1", bad)


def test_a_name_is_the_same_in_composed_and_decomposed_letters(archive):
    composed, decomposed = (unicodedata.normalize(form, "Kön_Ålder") for form in ("NFC", "NFD"))
    keep(archive, name=decomposed)
    assert archive.names() == [("scb", composed)]
    assert archive.find("scb", composed, ASK) is not None
    (archive.folder / "scb" / composed).rename(archive.folder / "scb" / decomposed)
    copied = Archive(archive.folder)
    assert copied.find("scb", composed, ASK) is not None
    keep(copied, "mer", name=composed)
    assert len(list((archive.folder / "scb").iterdir())) == 1
    assert kinds(copied) == []


def test_names_that_differ_only_in_case_are_refused_since_windows_would_mix_them(archive):
    keep(archive, name="TAB1")
    with pytest.raises(ArchiveNameError, match="stora och små"):
        keep(archive, name="tab1")


# Damage


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)


def _replace_by(data: bytes):
    return lambda path: path.write_bytes(data)


WHOLE = ("SYNTETISKA TESTDATA " * 50).encode()
DAMAGE = {
    "a flipped byte": flip,
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "cut in its header": lambda path: path.write_bytes(path.read_bytes()[:5]),
    "emptied": _replace_by(b""),
    "not compressed": _replace_by(WHOLE),
    "zeroed by a power cut": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "another answer": _replace_by(gzip.compress(WHOLE.lower())),
    "two members": _replace_by(gzip.compress(WHOLE[:100]) + gzip.compress(WHOLE[100:])),
    "an empty member first": _replace_by(gzip.compress(b"") + gzip.compress(WHOLE)),
    "longer": _replace_by(gzip.compress(WHOLE + b"!")),
    "a bomb": _replace_by(gzip.compress(bytes(50_000_000))),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_answer_is_named_set_aside_and_asked_for_again(archive, damage):
    record = keep(archive, WHOLE)
    path = object_of(archive, record)
    DAMAGE[damage](path)
    [fault] = archive.verify().faults
    assert (fault.path, fault.kind) == (path, "damaged")
    assert str(path) in fault.message
    with pytest.raises(DamagedAnswerError, match="Svaret"):
        archive.read("scb", "TAB1", record.id)
    assert archive.find("scb", "TAB1", ASK) is None
    assert not path.exists()
    assert path.with_name(path.name + ".damaged").exists()
    assert kinds(archive) == ["missing"]
    assert archive.find("scb", "TAB1", ASK) is None
    keep(archive, WHOLE, day=1)
    assert archive.find("scb", "TAB1", ASK).content == WHOLE
    assert kinds(archive) == []


def test_no_older_answer_takes_the_place_of_a_damaged_one(archive):
    keep(archive, "gammal", updated=V1)
    flip(object_of(archive, keep(archive, "ny", updated=V2, day=1)))
    assert archive.find("scb", "TAB1", ASK) is None
    assert archive.find("scb", "TAB1", ASK, updated=V1).content == b"gammal"


def test_keeping_an_answer_again_makes_its_damaged_content_whole(archive):
    record = keep(archive, WHOLE)
    flip(object_of(archive, record))
    keep(archive, WHOLE)
    assert archive.find("scb", "TAB1", ASK).content == WHOLE


@pytest.mark.parametrize("more", [b"\0", b"skrap", gzip.compress(b"en medlem till")])
def test_right_content_with_something_after_it_is_used_but_named_and_mended(archive, more):
    record = keep(archive, WHOLE)
    path = object_of(archive, record)
    path.write_bytes(path.read_bytes() + more)
    assert archive.find("scb", "TAB1", ASK).content == WHOLE
    assert kinds(archive) == ["trailing"]
    keep(archive, WHOLE)
    assert kinds(archive) == []


def test_a_bomb_is_never_unpacked_beyond_the_size_in_the_provenance():
    packed = gzip.compress(bytes(50_000_000))
    with pytest.raises(DamagedAnswerError, match="mer än"):
        packing.unpack(packed, size=10, sha256=packing.digest(b""))
    unlimited = packing.digest(b"")
    with pytest.raises(DamagedAnswerError, match="mer än"):
        packing.unpack(packed, size=0, sha256=unlimited)


def _edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


HAND = {
    "vintage": lambda path: _edited(path, V1, V3),
    "question": lambda path: _edited(path, "api.example", "api.annan"),
    "a field more": lambda path: _edited(path, '"status"', '"note": "hej",\n "status"'),
    "no seal": lambda path: path.write_text('{"source": "scb"}', encoding="utf-8"),
    "not json": lambda path: path.write_text("{", encoding="utf-8"),
    "not an object": lambda path: path.write_text("[1]", encoding="utf-8"),
    "too deep": lambda path: path.write_text("[" * 10**5, encoding="utf-8"),
    "not text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "empty": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("edit", HAND)
def test_a_provenance_changed_by_hand_is_never_believed(archive, edit):
    record = keep(archive, WHOLE)
    path = provenance_of(archive, record)
    HAND[edit](path)
    for updated in (None, V1, V3):
        assert archive.find("scb", "TAB1", ASK, updated=updated) is None
    with pytest.raises(DamagedAnswerError, match="Proveniensfilen"):
        archive.read("scb", "TAB1", record.id)
    assert [(f.path, f.kind) for f in archive.verify().faults] == [(path, "record")]
    assert archive.listing()[0].unreadable == 1
    before = path.read_bytes()
    keep(archive, WHOLE, day=1)
    assert archive.find("scb", "TAB1", ASK).content == WHOLE
    assert path.with_name(path.name + ".damaged").read_bytes() == before
    assert kinds(archive) == []


def test_other_line_endings_and_a_byte_order_mark_change_nothing_in_a_provenance(archive):
    record = keep(archive)
    path = provenance_of(archive, record)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert archive.find("scb", "TAB1", ASK).provenance == record
    assert kinds(archive) == []


def test_a_sealed_record_with_the_wrong_fields_is_refused():
    seal = packing.digest(b'{"source":"scb"}')
    with pytest.raises(DamagedAnswerError, match="name"):
        records.from_bytes(Provenance, f'{{"source": "scb", "seal": "{seal}"}}'.encode())


def test_files_in_the_wrong_place_or_under_the_wrong_name_are_faults(archive):
    record = keep(archive)
    other = keep(archive, query=ask(2), name="TAB2")
    wrong_place = archive.folder / "scb" / "TAB2" / provenance_of(archive, record).name
    wrong_place.write_bytes(provenance_of(archive, record).read_bytes())
    wrong_name = archive.folder / "scb" / "TAB2" / ("0" * 16 + "-" + "0" * 16 + ".provenance.json")
    wrong_name.write_bytes(provenance_of(archive, other).read_bytes())
    stray = [archive.folder / "a.txt", archive.folder / "scb" / "b.json", wrong_name.with_name("c")]
    for path in stray:
        path.write_text("hej", encoding="utf-8")
    folder = archive.folder / "inte tillåten"
    folder.mkdir()
    found = {fault.path: fault.kind for fault in archive.verify().faults}
    expected = dict.fromkeys(stray, "stray") | {folder: "name"}
    assert found == expected | {wrong_place: "record", wrong_name: "record"}
    assert archive.find("scb", "TAB2", ASK) is None
    assert ("scb", "TAB1") in archive.names()


def test_what_file_managers_leave_is_no_fault(archive):
    keep(archive)
    for folder in (archive.folder, archive.folder / "scb", archive.folder / "scb" / "TAB1"):
        (folder / ".DS_Store").write_bytes(b"x")
        (folder / "Thumbs.db").write_bytes(b"x")
    assert kinds(archive) == []


def test_what_an_interrupted_write_left_is_a_leftover_and_swept_at_the_next_write(archive):
    record = keep(archive)
    folder = archive.folder / "scb" / "TAB1"
    half = folder / ".tmp-123-abcd"
    half.write_bytes(b"halv")
    orphan = folder / f"{packing.digest(b'x')}.gz"
    orphan.write_bytes(packing.pack(b"x"))
    checked = archive.verify()
    assert checked.ok
    assert set(checked.leftovers) == {half, orphan}
    keep(Archive(archive.folder), "nytt", ask(5))
    assert not half.exists()
    pruned = archive.prune(1)
    assert pruned.removed == [orphan]
    assert not orphan.exists()
    assert object_of(archive, record).exists()


def test_progress_tells_how_many_answers_have_been_checked(archive):
    for number in range(3):
        keep(archive, str(number), ask(number))
    told: list[tuple[int, int]] = []
    checked = archive.verify(lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert (checked.checked, checked.bytes) == (3, 3)


# Snapshots


def test_a_snapshot_is_found_when_all_its_answers_are_there(archive):
    first, second = commit(archive, 0, V1), commit(archive, 1, V2)
    assert [s.id for s in archive.snapshots("scb", "TAB1")] == [first, second]
    latest = newest(archive)
    assert (latest.id, latest.updated, latest.asked) == (second, V2, {"Tid": "*"})
    contents = [archive.read("scb", "TAB1", id).content for id in latest.answers]
    assert contents == [f"* {i} {V2}".encode() for i in range(2)]
    assert commit(archive, 1, V2) == second
    assert len(archive.snapshots("scb", "TAB1")) == 2
    assert kinds(archive) == []


@pytest.mark.parametrize("harm", [flip, Path.unlink], ids=["damaged", "gone"])
def test_a_snapshot_with_a_damaged_answer_is_not_whole_until_the_answer_comes_again(archive, harm):
    first, second = commit(archive, 0, V1), commit(archive, 1, V2)
    answer = newest(archive).answers[0]
    harm(object_of(archive, archive.read("scb", "TAB1", answer).provenance))
    assert newest(archive).id == first
    assert [s.id for s in archive.snapshots("scb", "TAB1")] == [first]
    assert "snapshot" in kinds(archive)
    assert commit(archive, 1, V2) == second
    assert newest(archive).id == second
    assert kinds(archive) == []


def test_a_snapshot_of_answers_that_are_not_there_is_refused(archive):
    commit(archive, 0, V1)
    snapshot = newest(archive)
    lacking = snapshot.model_copy(update={"answers": ["0" * 16 + "-" + "1" * 16]})
    with pytest.raises(MissingAnswerError):
        archive.commit(lacking)
    assert len(archive.snapshots("scb", "TAB1")) == 1


def test_a_snapshot_changed_by_hand_is_never_believed(archive):
    id = commit(archive, 0, V1)
    path = archive.folder / "scb" / "TAB1" / f"{id}.snapshot.json"
    _edited(path, '"cells": 10', '"cells": 11')
    assert newest(archive) is None
    assert [(f.path, f.kind) for f in archive.verify().faults] == [(path, "record")]


def test_the_listing_says_what_is_archived(archive):
    commit(archive, 0, V1)
    commit(archive, 1, V2)
    keep(archive, "{}", updated=None, name="config", day=5)
    table, config = archive.listing()
    assert (table.name, table.answers, table.snapshots) == ("TAB1", 6, 2)
    assert table.vintages == (V1, V2)
    assert table.last_seen == START + timedelta(days=1)
    assert table.bytes == sum(f.stat().st_size for f in (archive.folder / "scb" / "TAB1").iterdir())
    assert (config.name, config.vintages, config.snapshots) == ("config", (), 0)
    assert "2 names from scb" in repr(archive)


# Pruning


def test_pruning_keeps_the_newest_vintages_whole_and_removes_the_rest(archive):
    for day, updated in enumerate([V1, V2, V3]):
        commit(archive, day, updated)
    before = archive.listing()[0].bytes
    planned = archive.prune(2, dry_run=True)
    assert archive.listing()[0].bytes == before
    pruned = archive.prune(2)
    assert pruned == planned
    assert pruned.kept == {("scb", "TAB1"): (V2, V3)}
    assert len(pruned.removed) == 7
    assert archive.listing()[0].bytes == before - pruned.bytes
    assert not any(path.exists() for path in pruned.removed)
    assert [s.updated for s in archive.snapshots("scb", "TAB1")] == [V2, V3]
    assert archive.find("scb", "TAB1", ask(0), updated=V1) is None
    assert archive.verify() == archive.verify().__class__(6, archive.verify().bytes, [], [])
    assert archive.prune(2).removed == []


def test_pruning_never_removes_the_newest_whole_snapshot_even_when_newer_ones_are_damaged(archive):
    whole = commit(archive, 0, V1)
    commit(archive, 1, V2)
    last = newest(archive)
    flip(object_of(archive, archive.read("scb", "TAB1", last.answers[0]).provenance))
    archive.prune(1)
    assert newest(archive).id == whole


def test_pruning_keeps_the_newest_snapshot_of_every_selection(archive):
    once = commit(archive, 0, V1, asked="alla år")
    commit(archive, 1, V2)
    commit(archive, 2, V3)
    archive.prune(1)
    assert {s.updated for s in archive.snapshots("scb", "TAB1")} == {V1, V3}
    assert once in {s.id for s in archive.snapshots("scb", "TAB1")}


def test_pruning_keeps_the_answers_of_a_fetch_under_way(archive):
    commit(archive, 0, V1)
    commit(archive, 1, V2)
    coming = keep(archive, "på väg", ask(7), updated=V3, day=2)
    early_clock = keep(archive, "på väg med fel klocka", ask(8), updated=V3, day=-50)
    archive.prune(1)
    for record in (coming, early_clock):
        assert archive.read("scb", "TAB1", record.id)
    assert len(archive.snapshots("scb", "TAB1")) == 1


def test_pruning_of_answers_without_snapshots_counts_for_each_question(archive):
    for day in range(4):
        keep(archive, f"svar {day}", ask(1), updated=None, day=day)
    keep(archive, "bara ett", ask(2), updated=None)
    archive.prune(2)
    left = [archive.read("scb", "TAB1", r.id) for r in archive.history("scb", "TAB1", ask(1))]
    assert [stored.content for stored in left] == [b"svar 2", b"svar 3"]
    assert archive.find("scb", "TAB1", ask(2)) is not None


def test_pruning_keeps_content_that_a_kept_answer_shares(archive):
    commit(archive, 0, V1)
    keep(archive, "delad", ask(5), updated=V1)
    commit(archive, 1, V2)
    keep(archive, "delad", ask(6), updated=V2, day=1)
    archive.prune(1)
    assert archive.find("scb", "TAB1", ask(5)) is None
    assert archive.find("scb", "TAB1", ask(6)).content == b"delad"


def test_pruning_clears_what_a_whole_snapshot_has_replaced_but_not_what_cannot_be_read(archive):
    commit(archive, 0, V1)
    broken = newest(archive)
    object_of(archive, archive.read("scb", "TAB1", broken.answers[0]).provenance).unlink()
    replaced = keep(archive, "andra byte", ask(0), updated=V1, day=1)
    answers = [replaced.id, *broken.answers[1:]]
    archive.commit(
        broken.model_copy(update={"answers": answers, "retrieved": START + timedelta(days=1)})
    )
    edited = keep(archive, "ändrad för hand", ask(9), updated=V1)
    HAND["vintage"](provenance_of(archive, edited))
    archive.prune(1)
    assert kinds(archive) == ["record"]
    assert object_of(archive, edited).exists()
    assert len(archive.snapshots("scb", "TAB1")) == 1


def test_keeping_no_vintage_at_all_is_refused(archive):
    commit(archive, 0, V1)
    with pytest.raises(ArchiveNameError, match="1 eller fler"):
        archive.prune(0)


# What the system refuses


def test_a_full_disk_leaves_the_archive_as_it_was(archive, monkeypatch):
    record = keep(archive)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(ArchiveFullError, match="Disken är full") as caught:
        keep(archive, "nytt", ask(2))
    assert str(archive.folder) in str(caught.value)
    monkeypatch.undo()
    checked = archive.verify()
    assert (checked.ok, checked.leftovers, checked.checked) == (True, [], 1)
    assert archive.find("scb", "TAB1", ASK).provenance == record


def _limited(folder: Path) -> str:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
    try:
        keep(Archive(folder), os.urandom(100_000), ask(2))
    except ArchiveFullError as error:
        return str(error)
    return "skrivet"


@pytest.mark.skipif(sys.platform == "win32", reason="filers storlek kan inte begränsas där")
def test_a_write_cut_short_by_the_system_leaves_nothing_half_written(archive):
    keep(archive)
    assert "Disken är full" in in_child(lambda: _limited(archive.folder))
    checked = archive.verify()
    assert (checked.ok, checked.leftovers, checked.checked) == (True, [], 1)


def _without_rights(folder: Path) -> list:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    logging.getLogger("affarsplan_data.archive").addHandler(handler)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    archive = Archive(folder)
    refused = []
    for call in (lambda: keep(archive, "x"), lambda: archive.prune(1)):
        with pytest.raises(ArchiveWriteError) as caught:
            call()
        refused.append(str(caught.value))
    found, damaged = archive.find("scb", "TAB1", ASK), archive.find("scb", "TAB1", ask(2))
    held = [archive.verify().faults, archive.snapshots("scb", "TAB1"), archive.names()]
    removed = archive.prune(1, dry_run=True).removed
    return [found.content.decode(), damaged, *map(len, held), len(removed), refused, said]


@pytest.mark.skipif(sys.platform == "win32", reason="rättigheter till mappar är annorlunda där")
def test_a_read_only_archive_is_read_and_verified_and_refuses_writing_in_words():
    with tempfile.TemporaryDirectory(prefix="arkiv-prov-") as base:
        archive = Archive(Path(base) / "archive")
        keep(archive)
        flip(object_of(archive, keep(archive, WHOLE, ask(2))))
        commit(archive, 0, V1, n=0)
        everything = [Path(base), *Path(base).rglob("*")]
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        answer = in_child(lambda: _without_rights(archive.folder))
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)
    *held, refused, said = answer
    assert held == ["SYNTETISKA TESTDATA", None, 1, 1, 1, 0]
    assert len(refused) == 2
    assert all("skrivskyddat" in message for message in refused)
    assert any("kunde inte läggas åt sidan" in message for message in said)


def test_a_file_where_a_folder_should_be_is_said_in_words(tmp_path):
    (tmp_path / "archive").write_text("hej", encoding="utf-8")
    archive = Archive(tmp_path / "archive")
    with pytest.raises(ArchiveWriteError, match="är en fil"):
        keep(archive)
    with pytest.raises(ArchiveError, match="Kan inte läsa"):
        archive.names()


def test_a_path_that_is_too_long_is_said_in_words(tmp_path):
    archive = Archive(tmp_path.joinpath(*["x" * 200] * 25))
    with pytest.raises(ArchiveWriteError, match="för lång"):
        keep(archive)


def test_a_file_that_is_open_elsewhere_on_windows_is_waited_for(archive, monkeypatch):
    keep(archive)
    real, refusals = os.replace, iter([True, True])

    def busy(source, target):
        if next(refusals, False):
            raise PermissionError(errno.EACCES, "in use", str(target))
        real(source, target)

    monkeypatch.setattr(writing, "ATTEMPTS", 4)
    monkeypatch.setattr(writing.os, "replace", busy)
    assert keep(archive, day=1).last_seen == START + timedelta(days=1)
    assert next(refusals, None) is None


# Together


def test_whoever_waits_in_vain_is_told_for_whom(archive):
    keep(archive)
    waiting = Archive(archive.folder, timeout=0.1)
    with archive._lock.held():
        with pytest.raises(ArchiveBusyError, match=r"används av .*tråd.* \(sedan 20"):
            keep(waiting, "x")
        holder = archive.folder / ".lock-holder"
        holder.write_text(
            '{"process": 4711, "computer": "DATOR7", "since": "i går"}', encoding="utf-8"
        )
        with pytest.raises(ArchiveBusyError, match="process 4711 på datorn DATOR7"):
            keep(waiting, "x")
        holder.write_text("[]", encoding="utf-8")
        with pytest.raises(ArchiveBusyError, match="en annan körning"):
            keep(waiting, "x")
        assert waiting.find("scb", "TAB1", ASK) is not None
    keep(waiting, "x")


def test_many_threads_share_one_archive_and_lose_nothing(archive):
    failed: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for i in range(15):
                keep(archive, f"gemensam {i}", ask(i), day=worker)
                keep(archive, f"{worker} {i}", ask(100 * worker + 100 + i))
                assert archive.find("scb", "TAB1", ask(i)).content == f"gemensam {i}".encode()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert archive.verify().checked == 15 * 7
    assert kinds(archive) == []
    [shared] = archive.history("scb", "TAB1", ask(3))
    assert shared.last_seen == START + timedelta(days=5)


def test_a_version_that_the_producer_takes_back_is_no_longer_the_newest(archive):
    asked = {"Tid": "*"}
    commit(archive, 0, V1)
    commit(archive, 1, V2)
    commit(archive, 2, V1)
    assert archive.standing("scb", "TAB1", asked).updated == V1
    archive.prune(1)
    assert archive.standing("scb", "TAB1", asked).updated == V1


def test_the_standing_snapshot_is_of_what_was_asked_and_never_an_older_one_instead(archive):
    commit(archive, 0, V1)
    commit(archive, 1, V2)
    commit(archive, 2, V3, asked="FROM(2020)")
    asked = {"Tid": "*"}
    assert archive.standing("scb", "TAB1", asked).updated == V2
    assert archive.standing("scb", "TAB1", {"Tid": "2020"}) is None
    answer = archive.standing("scb", "TAB1", asked).answers[0]
    object_of(archive, archive.read("scb", "TAB1", answer).provenance).write_bytes(b"x")
    with pytest.raises(DamagedAnswerError):
        archive.standing("scb", "TAB1", asked)


def test_a_clock_set_back_does_not_change_which_fetch_was_the_last(archive):
    commit(archive, 5, V1)
    last = commit(archive, 0, V1)
    assert newest(archive).id == last
