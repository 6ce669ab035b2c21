"""Starts the test server by hand: ``python -m tests.pxserver --port 8080 --fault slow:2``."""

import argparse
import threading
from collections.abc import Sequence

from tests.pxserver import KINDS, Faults, PxServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the server and answer until interrupted."""
    options = _parser().parse_args(arguments)
    faults = Faults()
    for kind, times in options.fault:
        faults.add(kind, times=times)
    with PxServer(
        options.limit,
        options.max_cells,
        faults,
        port=options.port,
        catalogue_size=options.catalogue_size,
        cache=options.cache,
        compress=options.compress,
    ) as server:
        print(f"v2: {server.url}")
        print(f"v1: {server.url_v1}  och  {server.url_tva}")
        print("Alla tal utom de inspelade är SYNTETISKA TESTDATA. Ctrl+C avslutar.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.pxserver",
        description="Testserver som talar PxWebApi 2 (och v1) som SCB:s, med SYNTETISKA TESTDATA.",
    )
    parser.add_argument("--port", type=int, default=0, help="port på 127.0.0.1; 0 tar en ledig")
    parser.add_argument(
        "--limit",
        type=_limit,
        default=(30, 10.0),
        help="anrop/sekunder, till exempel 30/10, eller 0",
    )
    parser.add_argument("--max-cells", type=int, default=150_000, help="högsta antal celler")
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="FEL[:GÅNGER]",
        help=f"fel som ska inträffa, ∞ gånger med FEL:0. Det som finns: {', '.join(KINDS)}",
    )
    parser.add_argument(
        "--catalogue-size", type=int, help="gör tabellistan så lång, till exempel 4246"
    )
    parser.add_argument("--cache", type=float, default=0.0, help="sekunder som svar sparas")
    parser.add_argument("--compress", action="store_true", help="packa svaren med gzip")
    return parser


def _limit(text: str) -> tuple[int, float] | None:
    if text == "0":
        return None
    calls, _, seconds = text.partition("/")
    try:
        return int(calls), float(seconds)
    except ValueError:
        raise argparse.ArgumentTypeError("skriv anrop/sekunder, till exempel 30/10") from None


def _fault(text: str) -> tuple[str, int | None]:
    kind, _, times = text.partition(":")
    if kind not in KINDS or (times and not times.isdigit()):
        raise argparse.ArgumentTypeError(f"{text}: felet finns inte")
    return kind, (int(times) or None) if times else 1


if __name__ == "__main__":
    raise SystemExit(main())
