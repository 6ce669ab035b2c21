"""A notebook put together from the messages of a child that died: what it had shown until then."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from nbclient import NotebookClient
from nbclient.client import CellExecutionComplete

from affarsplan_data.engine.shell import Message


def replayed(node: Any, messages: Iterable[Message]) -> Any:
    """Return the notebook ``node``, changed in place, with what the messages say of its cells."""
    client = NotebookClient(node, record_timing=False)
    index = -1
    for message in messages:
        if message["msg_type"] == "execute_input":
            index = _next(node, index, message["content"]["code"])
            node.cells[index].outputs = []
            client.clear_before_next_output = False
        if index >= 0:
            # The message that a cell is complete is raised as an exception.
            with suppress(CellExecutionComplete):
                client.process_message(message, node.cells[index], index)
    return node


def _next(node: Any, after: int, code: str) -> int:
    cells = enumerate(node.cells)
    return next(
        (i for i, cell in cells if i > after and cell.cell_type == "code" and cell.source == code),
        after,
    )
