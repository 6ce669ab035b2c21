"""A client for PxWebApi 2, the interface of SCB's statistical database, that cannot be fooled.

>>> from affarsplan_data.scb import ScbClient
>>> scb = ScbClient()
>>> scb.search("bruttoregionprodukt")
>>> scb.metadata("TAB3138")
>>> scb.data("TAB3138", {"Region": ["00", "19"], "ContentsCode": "NR0105AH", "Tid": "TOP(5)"})

It works with other statistical agencies' PxWebApi 2 as well, and reads PxWeb v1 with
:class:`PxWebV1Client`. Every error is a :class:`ScbError`.
"""

from affarsplan_data.scb.asking import Kept, client_name
from affarsplan_data.scb.client import SCB, ScbClient
from affarsplan_data.scb.cubes import Cube, Dimension, Note, Structure, Unit
from affarsplan_data.scb.errors import (
    AddressError,
    AnswerError,
    AnswerTooLargeError,
    IllegalExpressionError,
    NotEliminableError,
    OfflineError,
    RateLimitError,
    RefusedError,
    ScbError,
    SelectionError,
    ServerFaultError,
    TimedOutError,
    TooManyCellsError,
    UnavailableError,
    UnknownCodelistError,
    UnknownPageError,
    UnknownTableError,
    UnknownValueError,
    UnknownVariableError,
    UnreachableError,
    UnreadableAnswerError,
    UnsupportedError,
    UpdatedMeanwhileError,
    WrongAnswerError,
)
from affarsplan_data.scb.http import Patience
from affarsplan_data.scb.jsonstat import decode, read_cube, to_frame
from affarsplan_data.scb.limits import Limiter, Rate
from affarsplan_data.scb.metadata import Codelist, Config, Metadata, TableInfo, Variable
from affarsplan_data.scb.mixing import MixedLevelsWarning
from affarsplan_data.scb.selection import ELIMINATE, Query
from affarsplan_data.scb.v1 import PxWebV1Client

__all__ = [
    "ELIMINATE",
    "SCB",
    "AddressError",
    "AnswerError",
    "AnswerTooLargeError",
    "Codelist",
    "Config",
    "Cube",
    "Dimension",
    "IllegalExpressionError",
    "Kept",
    "Limiter",
    "Metadata",
    "MixedLevelsWarning",
    "NotEliminableError",
    "Note",
    "OfflineError",
    "Patience",
    "PxWebV1Client",
    "Query",
    "Rate",
    "RateLimitError",
    "RefusedError",
    "ScbClient",
    "ScbError",
    "SelectionError",
    "ServerFaultError",
    "Structure",
    "TableInfo",
    "TimedOutError",
    "TooManyCellsError",
    "UnavailableError",
    "Unit",
    "UnknownCodelistError",
    "UnknownPageError",
    "UnknownTableError",
    "UnknownValueError",
    "UnknownVariableError",
    "UnreachableError",
    "UnreadableAnswerError",
    "UnsupportedError",
    "UpdatedMeanwhileError",
    "Variable",
    "WrongAnswerError",
    "client_name",
    "decode",
    "read_cube",
    "to_frame",
]
