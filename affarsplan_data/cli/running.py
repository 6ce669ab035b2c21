"""How pages are run, as options that several commands have."""

from typing import Annotated

import typer

Jobs = Annotated[
    int | None,
    typer.Option(
        metavar="ANTAL",
        min=1,
        help="Så många sidor görs samtidigt. Förval: en per processorkärna.",
        show_default=False,
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="NAMN",
        help="Hur anteckningsböckerna körs: affarsplan, i processer som förgrenas ur en som redan är "
        "varm, eller kernel, i en Jupyterkärna var. Sidorna blir desamma.",
    ),
]
CellTimeout = Annotated[
    int, typer.Option(metavar="SEKUNDER", min=1, help="Längsta tid för en cell.")
]
PageTimeout = Annotated[
    int, typer.Option(metavar="SEKUNDER", min=1, help="Längsta tid för en sida.")
]
Memory = Annotated[
    int | None,
    typer.Option(
        metavar="MB",
        min=100,
        help="Mesta minne för en sida. Förval: ingen gräns.",
        show_default=False,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADRESS",
        help="Kör sidorna i ett dask-kluster i stället för här, till exempel tcp://dator:8786.",
        show_default=False,
    ),
]
