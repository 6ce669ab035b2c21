"""Pictures of every page of a built report, to be looked at: ``python -m tests.screenshots RAPPORT``.

Also measures each page: nothing may be too wide, empty, clipped or overlapping. Faults are printed and
the exit code is 1.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.browsing import NoBrowserError, chromium, drawing_faults, open_page, photograph

WIDTHS = (1280, 390)


def main() -> int:
    """Save the pictures and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.screenshots",
        description="Fotograferar varje sida i en rapport på bred och smal skärm.",
        epilog="Exempel: python -m tests.screenshots outputs/2026/19 --output outputs/bilder",
    )
    parser.add_argument("report", type=Path, metavar="RAPPORT", help="rapportens mapp")
    parser.add_argument("--output", type=Path, default=Path("outputs/bilder"), metavar="MAPP")
    parser.add_argument("--page", action="append", metavar="SIDA", help="bara de här sidorna")
    given = parser.parse_args()
    pages = [
        page
        for page in sorted(given.report.glob("*.html"))
        if not given.page or page.stem in given.page
    ]
    if not pages:
        print(f"Fel: {given.report} har inga sådana sidor. Kör make report först.", file=sys.stderr)
        return 2
    given.output.mkdir(parents=True, exist_ok=True)
    try:
        return photographed(pages, given.output)
    except NoBrowserError as error:
        print(f"Fel: {error}.", file=sys.stderr)
        return 2


def photographed(pages: list[Path], output: Path) -> int:
    """Photograph the pages, print their faults, and return the exit code."""
    faults = 0
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        for page in pages:
            for width in WIDTHS:
                open_page(browser, page.absolute(), width)
                saved = photograph(browser, output / f"{page.stem}-{width}", width)
                found = drawing_faults(browser)
                faults += len(found)
                print(f"{page.name} {width} px: {len(saved)} bilder, {len(found)} fel")
                for fault in found:
                    print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
