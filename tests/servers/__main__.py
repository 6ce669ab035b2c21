"""Starts every test server by hand: ``python -m tests.servers --port 8080 --fault kolada:503:2``."""

import argparse
import threading
from collections.abc import Sequence

from tests.pxserver import KINDS
from tests.servers.front import PATHS, Servers

UNPLUGGED = "unplugged"


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the servers and answer until interrupted."""
    options = _parser().parse_args(arguments)
    with Servers(options.port, options.limit) as servers:
        for source, kind, times in options.fault:
            _add(servers, source, kind, times)
        for name, value in servers.environment.items():
            print(f'export {name}="{value}"')
        print("# Alla tal utom de inspelade är SYNTETISKA TESTDATA. Ctrl+C avslutar.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
    return 0


def _add(servers: Servers, source: str, kind: str, times: int | None) -> None:
    if kind == UNPLUGGED:
        servers.unplug(source)
    elif source in ("scb", "tillvaxtanalys"):
        (servers.scb if source == "scb" else servers.tillvaxtanalys).faults.add(kind, times=times)
    elif source == "kolada":
        fault = kind if kind in ("cut", "slow") else (int(kind), {}, b"")
        servers.kolada.faults += [fault] * (times or 1)
    else:
        servers.bolagsverket.faults += [kind if kind == "cut" else int(kind)] * (times or 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers",
        description="Testservrar för alla källor på en port, med SYNTETISKA TESTDATA. Klistra in raden "
        "med export i ett annat skal och kör sedan affarsplan fetch.",
    )
    parser.add_argument("--port", type=int, default=0, help="port på 127.0.0.1; 0 tar en ledig")
    parser.add_argument(
        "--limit", type=_limit, help="anrop/sekunder hos PxWeb-servrarna, till exempel 30/10"
    )
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="KÄLLA:FEL[:GÅNGER]",
        help=f"fel hos en källa ({', '.join(PATHS)}). {UNPLUGGED}: källan svarar aldrig. PxWeb: "
        f"{', '.join(KINDS)}, ∞ gånger med 0. Kolada: en HTTP-status, cut eller slow. Bolagsverket: en "
        "HTTP-status eller cut.",
    )
    return parser


def _limit(text: str) -> tuple[int, float]:
    calls, _, seconds = text.partition("/")
    try:
        return int(calls), float(seconds)
    except ValueError:
        raise argparse.ArgumentTypeError("skriv anrop/sekunder, till exempel 30/10") from None


def _fault(text: str) -> tuple[str, str, int | None]:
    source, _, rest = text.partition(":")
    kind, _, times = rest.partition(":")
    kinds = {
        "scb": KINDS,
        "tillvaxtanalys": KINDS,
        "kolada": ("cut", "slow"),
        "bolagsverket": ("cut",),
    }
    status = source in ("kolada", "bolagsverket") and kind.isdigit()
    known = kind == UNPLUGGED or kind in kinds.get(source, ()) or status
    if source not in PATHS or not known or (times and not times.isdigit()):
        raise argparse.ArgumentTypeError(f"{text}: felet finns inte")
    return source, kind, (int(times) or None) if times else 1


if __name__ == "__main__":
    raise SystemExit(main())
