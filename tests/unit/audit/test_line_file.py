"""Lines that are on the disk, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.audit.line_file import LineFile


def test_lines_are_appended_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"before\n")

    file = LineFile(path)
    sizes = [file.write(b"one\n"), file.write(b"two\n")]
    file.flush(sizes[-1])
    file.close()

    assert path.read_bytes() == b"before\none\ntwo\n"
    assert sizes == [11, 15]


def test_proving_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"before\n")

    file = LineFile(path)
    file.prove()
    file.write(b"one\n")
    file.close()

    assert path.read_bytes() == b"before\none\n"


def test_many_writers_lose_no_line(tmp_path: Path) -> None:
    file = LineFile(tmp_path / "lines")
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait(60)
        for count in range(50):
            file.flush(file.write(b"%d %d\n" % (number, count)))

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, number) for number in range(8)]:
            done.result()
    file.close()

    lines = (tmp_path / "lines").read_bytes().splitlines()
    assert sorted(lines) == sorted(b"%d %d" % (number, count) for number in range(8) for count in range(50))


LIMITED = """\
import resource, sys
from pathlib import Path
from reconciler.audit.line_file import LineFile
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))  # as a disk that fills up
file = LineFile(Path(sys.argv[1]))
for line in sys.argv[2:]:
    try:
        file.prove() if line == "prove" else file.write(line.encode() + b"\\n")
    except OSError as error:
        print(line, error.strerror)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
@pytest.mark.parametrize(
    ("lines", "told", "left"),
    [
        (["12345", "1234567890", "123"], "1234567890 File too large\n", b"12345\n123\n"),
        (["prove", "123"], "prove File too large\n", b"123\n"),
    ],
)
def test_half_a_line_is_taken_back(tmp_path: Path, lines: list[str], told: str, left: bytes) -> None:
    path = tmp_path / "lines"

    call = [sys.executable, "-c", LIMITED, str(path), *lines]
    ended = subprocess.run(call, capture_output=True, text=True, check=True)

    assert ended.stdout == told
    assert path.read_bytes() == left


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe stands in for a disk that cannot be flushed")
def test_after_a_failed_flush_nothing_is_taken_for_safe(tmp_path: Path) -> None:
    """The system may forget what it could not write, and then say that the next flush went well."""
    file = LineFile(tmp_path / "lines")
    kept = os.dup(file._file)
    reader, writer = os.pipe()
    os.dup2(writer, file._file)
    size = file.write(b"one\n")
    with pytest.raises(OSError, match="Invalid argument"):
        file.flush(size)
    os.dup2(kept, file._file)

    with pytest.raises(OSError, match="Invalid argument"):
        file.flush(file.write(b"two\n"))

    file.close()
    for descriptor in (kept, reader, writer):
        os.close(descriptor)


def test_a_place_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LineFile(tmp_path / "nowhere" / "lines")
    with pytest.raises(IsADirectoryError):
        LineFile(tmp_path)


def test_no_other_program_inherits_it(tmp_path: Path) -> None:
    file = LineFile(tmp_path / "lines")

    assert not os.get_inheritable(file._file)
    file.close()
