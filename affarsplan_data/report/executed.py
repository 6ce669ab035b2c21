"""An executed notebook without anything that differs from run to run.

Papermill and the kernel stamp times, durations, random cell ids, process numbers and absolute
paths. A reader needs none of them, and without them two runs of the same input give the same bytes.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

Replacement = tuple[str, re.Pattern[str], str]
"""What must be in a text for the pattern to be looked for, the pattern, and what stands there instead."""

INJECTED = "injected-parameters"
_ERROR_MARKER = "papermill-error-cell-tag"
_ALWAYS: tuple[Replacement, ...] = (
    (
        "ipykernel_",
        re.compile(r"(?<!\S)[^\s]{0,300}?ipykernel_\d+[/\\]\d+\.py"),
        "[cell]",
    ),
    ("0x", re.compile(r"\b0x[0-9a-f]{6,16}\b"), "0x…"),
)
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def tags(cell: Any) -> list[str]:
    """Return the cell's tags."""
    return list(cell.metadata.get("tags", []))


def normalised(node: Any, replace: Mapping[str, str]) -> nbformat.NotebookNode:
    """Return a clean copy of an executed notebook.

    Args:
        node: the notebook as papermill wrote it.
        replace: absolute paths to take out of every output text, and what stands there instead.
    """
    ordered = [
        (path, re.compile(rf"{re.escape(path)}(?![\w.-])"), instead)
        for path, instead in sorted(replace.items(), key=lambda pair: -len(pair[0]))
        # A path as short as / or /usr would be found in text that is no path at all.
        if len(Path(path).parts) > 2
    ]
    ordered += _ALWAYS
    clean = nbformat.v4.new_notebook(
        cells=[
            _cell(cell, number, ordered)
            for number, cell in enumerate(c for c in node.cells if _ERROR_MARKER not in tags(c))
        ]
    )
    clean.metadata = nbformat.from_dict(
        {
            "affarsplan": dict(node.metadata.get("affarsplan", {})),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    return clean


def written(node: nbformat.NotebookNode) -> str:
    """Return the notebook as file content: stable key order, one final newline."""
    return nbformat.writes(node, version=4).rstrip("\n") + "\n"


def without_ansi(text: str) -> str:
    """Return ``text`` without terminal colours."""
    return _ANSI.sub("", text)


def _cell(cell: Any, number: int, replace: list[Replacement]) -> Any:
    # Made as plain content: the whole notebook is held against its schema when it is written.
    kept = {
        "cell_type": cell.cell_type,
        "id": INJECTED if INJECTED in tags(cell) else f"cell-{number}",
        "metadata": {"tags": tags(cell)} if tags(cell) else {},
        "source": cell.source,
    }
    if cell.cell_type == "code":
        outputs = [_output(output, replace) for output in cell.get("outputs", [])]
        kept |= {"execution_count": cell.get("execution_count"), "outputs": _merged(outputs)}
    return nbformat.from_dict(kept)


def _output(output: Any, replace: list[Replacement]) -> Any:
    clean = _scrubbed(output, replace)
    clean.pop("transient", None)
    return nbformat.from_dict(clean)


def _scrubbed(value: Any, replace: list[Replacement]) -> Any:
    if isinstance(value, str):
        for literal, pattern, instead in replace:
            if literal in value:
                value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {key: _scrubbed(item, replace) for key, item in value.items()}
    if isinstance(value, list):
        return [_scrubbed(item, replace) for item in value]
    return value


def _merged(outputs: list[Any]) -> list[Any]:
    """Join neighbouring stream outputs, stdout before stderr: their order in time is a race."""
    result: list[Any] = []
    run: dict[str, str] = {}

    def close() -> None:
        result.extend(
            nbformat.v4.new_output("stream", name=name, text=run[name])
            for name in ("stdout", "stderr")
            if name in run
        )
        run.clear()

    for output in outputs:
        if output.output_type == "stream":
            run[output.name] = run.get(output.name, "") + output.text
        else:
            close()
            result.append(output)
    close()
    return result
