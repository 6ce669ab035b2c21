"""Reads the cells of an answer: values and status symbols, dense or sparse, one array each.

The value array is nearly all of a large answer. :func:`load` cuts it out of the bytes so that it can be
read as a column of numbers, without a Python object per cell; whatever is unusual is read the plain way.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import compute

from affarsplan_data.scb.fields import shown, unboxed, unreadable

MOST_CELLS = 50_000_000
"""A sparse answer may claim any size; no larger array than this is made for it."""

SHOWN_BYTES = 80
_VALUE = re.compile(rb'"value"\s*:\s*\[')
# One number to a line; a byte that no number or null has becomes one that cannot be read as a number.
_LINES = bytes(10 if b == 44 else b if b in b"0123456789.-+eE nul" else 120 for b in range(256))
_LONG_ENOUGH = 20_000
_PIECE = 1 << 20
_COMMA = ord(",")
_NULL = np.frombuffer(b"null", dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The text between the brackets of the one value array in an answer: ``body[start:end]``."""

    body: bytes
    start: int
    end: int


def load(body: bytes) -> tuple[Any, Numbers | None]:
    """Return the parsed body, with its value array empty and apart when it can be read on its own.

    Raises:
        UnreadableAnswerError: the body is not JSON.
    """
    # A quotation mark inside a text is escaped, so what matches is a key; a single one is the only one.
    found = _VALUE.search(body)
    if found is None:
        return plain(body), None
    start, end = found.end(), body.find(b"]", found.end())
    if end - start < _LONG_ENOUGH or _VALUE.search(body, end):
        return plain(body), None
    try:
        return orjson.loads(body[:start] + body[end:]), Numbers(body, start, end)
    except orjson.JSONDecodeError:
        return plain(body), None


def plain(body: bytes) -> Any:
    """Return the parsed body.

    Raises:
        UnreadableAnswerError: the body is not JSON.
    """
    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        beginning = body[:SHOWN_BYTES].decode("utf-8", "replace").strip()
        what = f"det börjar med {beginning!r}" if beginning else "det är tomt"
        raise unreadable(f"{len(body)} byte som inte är hel JSON ({what})") from error


def read_numbers(numbers: Numbers, cells: int) -> np.ndarray | None:
    """Return the values as float64, NaN for null; None when they must be read the plain way."""
    if cells > (numbers.end - numbers.start + 1) // 2:
        return None
    values = np.empty(cells)
    at = 0
    for start, end in _pieces(numbers):
        piece = _column(numbers.body[start:end])
        if piece is None or at + len(piece) > cells:
            return None
        values[at : at + len(piece)] = piece
        at += len(piece)
    return values if at == cells and not np.isinf(values).any() else None


def _column(text: bytes) -> np.ndarray | None:
    """Return the numbers of a text like ``1,null,2.5``; None when anything in it is otherwise.

    The text without its commas, and where each number begins in it, is a column of texts to Arrow, which
    reads them all at once. A text that is no number is an error there, ``nan`` and ``inf`` excepted.
    """
    commas = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == _COMMA)
    count = len(commas) + 1
    begins = np.empty(count + 1, dtype=np.int32)
    begins[0], begins[-1] = 0, len(text) - len(commas)
    begins[1:-1] = commas - np.arange(len(commas))
    digits = text.translate(None, b",")
    if begins[-2] == begins[-1]:
        return None
    letters = np.frombuffer(digits, dtype=np.uint8)
    missing = letters[begins[:-1]] == _NULL[0]
    if not np.all(np.diff(begins)[missing] == len(_NULL)):
        return None
    if not np.all(letters[begins[:-1][missing, None] + np.arange(len(_NULL))] == _NULL):
        return None
    known = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    column = pa.StringArray.from_buffers(
        count, pa.py_buffer(begins), pa.py_buffer(digits), known, int(missing.sum())
    )
    try:
        floats = compute.cast(column, pa.float64(), memory_pool=pa.system_memory_pool())
    except (pa.ArrowException, ValueError):
        return None
    values: np.ndarray = floats.to_numpy(zero_copy_only=False)
    return values if np.array_equal(np.isnan(values), missing) else None


def _pieces(numbers: Numbers) -> Iterable[tuple[int, int]]:
    start = numbers.start
    while start <= numbers.end:
        end = numbers.body.find(b",", min(start + _PIECE, numbers.end), numbers.end)
        end = numbers.end if end < 0 else end
        yield start, end
        start = end + 1


def read_values(value: Any, cells: int) -> np.ndarray:
    """Return a dense list or a sparse object of values as float64, NaN where there is none.

    Raises:
        UnreadableAnswerError: other than numbers and null, wrong count, or positions outside the cube.
    """
    if isinstance(value, dict):
        values = np.full(_bounded(cells), np.nan)
        values[_positions(value, cells, "value")] = _floats(list(value.values()), list(value))
        return values
    if not isinstance(value, list):
        raise unreadable(f"value ska vara en lista eller ett objekt, inte {shown(value)}")
    if len(value) != cells:
        raise unreadable(f"{len(value)} värden, men storleken (size) säger {cells}")
    return _floats(value, range(cells))


def _floats(values: list[Any], positions: Sequence[Any]) -> np.ndarray:
    if list in set(map(type, values)):
        values = [unboxed(item) for item in values]
    if set(map(type, values)) - {int, float, type(None)}:
        wrong = next(i for i, v in enumerate(values) if type(v) not in (int, float, type(None)))
        raise unreadable(
            f"värdet på plats {positions[wrong]} är {shown(values[wrong])}, inte ett tal"
        )
    floats = np.array(values, dtype=np.float64)
    if np.isinf(floats).any():
        wrong = int(np.flatnonzero(np.isinf(floats))[0])
        raise unreadable(f"värdet på plats {positions[wrong]} är större än något tal i statistik")
    return floats


def read_status(status: Any, cells: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return each cell's place among the symbols, and the symbols; the first is ``""``.

    Takes nothing, one text for all cells, a list, or an object of positions.

    Raises:
        UnreadableAnswerError: symbols that are not texts, wrong count, or positions outside the cube.
    """
    status = unboxed(status)
    if status is None or isinstance(status, str):
        symbols: tuple[str, ...] = ("", status) if status else ("",)
        return np.full(_bounded(cells), len(symbols) - 1, dtype=np.uint8), symbols
    if isinstance(status, Mapping):
        found, symbols = _encoded(status.values())
        marks = np.zeros(_bounded(cells), dtype=found.dtype)
        marks[_positions(status, cells, "status")] = found
        return marks, symbols
    if not isinstance(status, list):
        raise unreadable(
            f"status ska vara en text, en lista eller ett objekt, inte {shown(status)}"
        )
    if len(status) not in (0, cells):
        raise unreadable(f"{len(status)} statusmärken, men storleken (size) säger {cells}")
    return _encoded(status) if status else read_status(None, cells)


def _encoded(marks: Iterable[Any]) -> tuple[np.ndarray, tuple[str, ...]]:
    listed = list(marks)
    if set(map(type, listed)) - {str}:
        listed = [_mark(mark) for mark in listed]
    # In an order of their own, so that a cube cut in parts and joined is the same as the whole.
    symbols = ["", *sorted(set(listed) - {""})]
    place = {symbol: i for i, symbol in enumerate(symbols)}
    dtype = np.min_scalar_type(len(symbols))
    return np.array([place[mark] for mark in listed], dtype=dtype), tuple(symbols)


def _mark(mark: Any) -> str:
    held = unboxed(mark)
    if held is None:
        return ""
    if not isinstance(held, str):
        raise unreadable(f"statusmärket {shown(mark)} är inte en text")
    return held


def _positions(keys: Iterable[str], cells: int, name: str) -> np.ndarray:
    """Return the keys of a sparse object as places in the array, each of them once."""
    listed = list(keys)
    digits = "".join(listed)
    if listed and not (
        digits.isascii() and digits.isdecimal() and all(listed) and max(map(len, listed)) < 19
    ):
        wrong = next(k for k in listed if not (k.isascii() and k.isdecimal() and len(k) < 19))
        raise unreadable(f"{name} har platsen {shown(wrong)}, som inte är ett heltal")
    places = np.array(list(map(int, listed)), dtype=np.int64)
    if len(places) and places.max() >= cells:
        raise unreadable(f"{name} har plats {places.max()}, men cellerna är {cells}")
    taken = np.zeros(cells, dtype=bool)
    taken[places] = True
    if np.count_nonzero(taken) != len(places):
        raise unreadable(f"{name} har samma plats två gånger")
    return places


def _bounded(cells: int) -> int:
    if cells > MOST_CELLS:
        raise unreadable(f"storleken (size) säger {cells} celler, fler än något svar har")
    return cells
