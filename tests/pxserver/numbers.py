"""How large the made-up numbers are: people per municipality and age, money per county and year."""

from collections.abc import Sequence

import numpy as np

from tests.pxserver.synthetic import TERMS, code_hash, grid

FIRST_YEAR = 1968


def people_sizes(seed: str, region: str) -> np.ndarray:
    """Return the weights of a municipality; the first is its size, the others tell it apart."""
    share = (int(code_hash(seed, "size", region)) % 10_000) / 10_000
    size = 1 + int(2.2 * 60**share / 4)
    marks = int(code_hash(seed, "mark", region))
    return np.array([size, marks % 17, (marks >> 8) % 5], dtype=np.int64)


def money_sizes(seed: str, region: str) -> np.ndarray:
    """Return the weights of a region without parts."""
    share = (int(code_hash(seed, "money", region)) % 10_000) / 10_000
    marks = int(code_hash(seed, "mark", region))
    return np.array([2 + int(40 * share**3), marks % 97, (marks >> 8) % 13], dtype=np.int64)


def _noise(
    seed: str, names: Sequence[str], codes: Sequence[Sequence[str]], below: int
) -> np.ndarray:
    return (grid(seed, names, codes) % np.uint64(below)).astype(np.int64)


def people(seed: str, names: Sequence[str], codes: Sequence[Sequence[str]]) -> np.ndarray:
    """Return whole numbers per age (and more), falling off with age and rising with the year."""
    first = np.ones((1,) * len(codes))
    for axis, name in enumerate(names):
        along = np.array([_likely(name, code) for code in codes[axis]])
        first = first * along.reshape([-1 if n == axis else 1 for n in range(len(codes))])
    first = np.floor(first).astype(np.int64) + _noise(seed + "1", names, codes, 3)
    return np.stack(
        [first, _noise(seed + "2", names, codes, 3), _noise(seed + "3", names, codes, 4)]
    )


def change(seed: str, names: Sequence[str], codes: Sequence[Sequence[str]]) -> np.ndarray:
    """Return small whole numbers of either sign: growth and decline."""
    return np.stack([_noise(f"{seed}{n}", names, codes, 5) - 2 for n in range(TERMS)])


def money(seed: str, names: Sequence[str], codes: Sequence[Sequence[str]]) -> np.ndarray:
    """Return whole numbers that grow by some per cent a year."""
    years = np.array([_year(code) for code in codes[names.index("Tid")]])
    shape = [-1 if name == "Tid" else 1 for name in names]
    first = np.floor(7_000 * 1.038 ** (years - 2000)).reshape(shape).astype(np.int64)
    first = first + _noise(seed + "1", names, codes, 150)
    return np.stack(
        [first, _noise(seed + "2", names, codes, 90), _noise(seed + "3", names, codes, 40)]
    )


def _likely(name: str, code: str) -> float:
    if name == "Alder":
        age = int(code.rstrip("+"))
        return 4.0 if age < 65 else max(4.0 - (age - 65) * 0.115, 0.0)
    if name == "Tid":
        return 1 + (_year(code) - 2000) * 0.004
    return {"G": 0.8, "ÄNKL": 0.2, "SK": 0.4}.get(code, 1.0) if name == "Civilstand" else 1.0


def _year(code: str) -> int:
    return int(code[:4])
