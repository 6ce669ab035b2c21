"""What is read while a page is made, so that it is made again only when any of that has changed.

A layer that gives out something that may be another tomorrow says so where it gives it out, outside
every cache: ``note("measure", "newest/grp")``. It also says how the state of such a thing is found, with
:func:`kind`; the state is a short text that is another when the thing is another. Nobody lists what a
page reads: whoever makes it does so within :func:`recorded`, and is told.
"""

from affarsplan_data.recording.noted import Noted
from affarsplan_data.recording.reads import (
    ABSENT,
    Read,
    Recording,
    digest,
    is_active,
    kind,
    note,
    of_file,
    quiet,
    recorded,
    state_of,
)

__all__ = [
    "ABSENT",
    "Noted",
    "Read",
    "Recording",
    "digest",
    "is_active",
    "kind",
    "note",
    "of_file",
    "quiet",
    "recorded",
    "state_of",
]
