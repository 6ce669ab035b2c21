"""The steps of the unattended run: fetch, check, report, publish, prune; then the summary goes out.

A step that fails stops only those that need it. What was good before is never replaced by less: a source
that is silent leaves the archive as it was, and a fetch whose figures cannot be used leaves the report.
"""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from affarsplan_data import swedish
from affarsplan_data.errors import AffarsplanError, UsageError, of_system
from affarsplan_data.parameters import NEWEST, Parameters
from affarsplan_data.report.errors import BusyError
from affarsplan_data.report.locking import NAME as LOCK
from affarsplan_data.report.locking import held
from affarsplan_data.report.publish import check_output
from affarsplan_data.report.run import Runner
from affarsplan_data.yearly import summary as summaries
from affarsplan_data.yearly.journal import FOLDER, Echo, Journal
from affarsplan_data.yearly.notify import notify, words
from affarsplan_data.yearly.summary import LATEST, Failure, ReportOutcome, Summary

KEPT_VERSIONS = 3


@dataclass(frozen=True)
class Asked:
    """What a run is asked to do.

    ``reports`` are what each report shows; the year None is that of the newest figures. ``publish`` is
    the folder that finished reports are copied to, ``keep`` how many versions of a table stay in the
    archive. ``offline`` never uses the network, ``force`` runs pages that have not changed, and
    ``allow_loss`` makes reports although figures that were there before cannot be used any longer.
    ``runner`` starts what runs the pages; :func:`affarsplan_data.report.runners.runner` when None.
    """

    regions: tuple[str, ...]
    compare: tuple[str, ...]
    year: int | None
    data: str
    output: Path
    publish: Path | None = None
    keep: int = KEPT_VERSIONS
    offline: bool = False
    force: bool = False
    allow_loss: bool = False
    notify_command: str | None = None
    runner: Callable[[], Runner] | None = None


def run(asked: Asked, echo: Echo | None = None) -> Summary:
    """Carry out a run and return its summary, which has been written and given to the command.

    Args:
        asked: what is to be done.
        echo: called with every line of the log as it comes.

    Raises:
        UsageError: something asked for does not exist; nothing has been written.
    """
    if asked.notify_command is not None:
        words(asked.notify_command)
    given = _checked(asked)
    check_output(asked.output)
    if asked.publish:
        check_output(asked.publish)
    asked.output.mkdir(parents=True, exist_ok=True)
    started = datetime.now().astimezone().replace(microsecond=0)
    summary = Summary(_version(), started.isoformat())
    journal = Journal(asked.output / FOLDER, echo)
    summary.log = str(journal.path) if journal.path else None
    clock = time.monotonic()
    try:
        _run_locked(asked, given, summary, journal)
    except KeyboardInterrupt:
        _ended(summary, journal, "avbrott", "Avbrutet. Inget mer har publicerats.")
        raise
    except UsageError as error:
        summary.exit_code = summaries.WRONG_USE
        _ended(summary, journal, "fel användning", str(error))
        raise
    except Exception as error:
        # Nobody looks on: the log has to tell all that one who mends it needs.
        said = f"Oväntat fel ({type(error).__name__}: {error}). Anmäl det gärna, med loggen."
        _ended(summary, journal, "oväntat fel", said, trace=traceback.format_exc())
    finally:
        summary.conclude()
        summary.finished = datetime.now().astimezone().replace(microsecond=0).isoformat()
        summary.seconds = round(time.monotonic() - clock, 1)
        _tell(asked, summary, journal)
        journal.close()
    return summary


def _ended(summary: Summary, journal: Journal, what: str, why: str, **facts: str) -> None:
    summary.errors.append(Failure(what, why))
    journal.say(why, event="ended", error=True, **facts)


def _checked(asked: Asked) -> list[Parameters]:
    from affarsplan_data.parameters import parameters
    from affarsplan_data.report.build import plan_words

    groups = plan_words().groups
    return [
        parameters(
            region,
            [item for item in asked.compare if item != region],
            asked.year,
            asked.data,
            groups=groups,
        )
        for region in asked.regions
    ]


def _run_locked(
    asked: Asked, given: Sequence[Parameters], summary: Summary, journal: Journal
) -> None:
    try:
        with held(asked.output / LOCK, asked.output):
            _Steps(asked, given, summary, journal).all()
    except BusyError as error:
        summary.exit_code = summaries.LOCKED
        summary.errors.append(Failure("lås", str(error)))
        journal.say(str(error), event="locked", error=True)
        summary.next.append("Vänta tills den andra körningen är klar och kör igen.")


class _Steps:
    """The steps of one run, in order."""

    def __init__(
        self, asked: Asked, given: Sequence[Parameters], summary: Summary, journal: Journal
    ) -> None:
        self.asked, self.given = asked, given
        self.summary, self.journal = summary, journal

    def all(self) -> None:
        """Take every step."""
        before = self._used()
        if self.asked.offline:
            self.journal.say("Utan nätverk: inget hämtas.", event="fetch")
        else:
            self._step("hämtning", self._fetch)
        self._step("levererade filer", self._take_in)
        self._step("prövning", lambda: self._check(before))
        if self.summary.lost and not self.asked.allow_loss:
            self._stand()
        else:
            self._step("rapport", self._report)
        if self.asked.publish:
            self._step("publicering", self._publish)
        self._step("gallring", self._prune)

    def _step(self, name: str, action: Callable[[], None]) -> bool:
        """Take a step; what goes wrong in it is told, and does not stop those after it."""
        try:
            action()
        except UsageError:
            raise
        except (AffarsplanError, OSError) as error:
            said = of_system(error) if isinstance(error, OSError) else str(error)
            self.summary.errors.append(Failure(name, said))
            self.journal.say(f"{name.capitalize()}: {said}", event="failed", error=True)
            return False
        return True

    def _used(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Return the fetched tables and delivered files that each measure's figures come from now."""
        if self.asked.data != NEWEST:
            return {}
        from affarsplan_data.observations import newest

        try:
            return {
                id: frozenset((one.source, one.table) for one in found.used)
                for id, found in newest.everything().items()
            }
        except (AffarsplanError, OSError) as error:
            self.journal.say(f"Det som fanns förut går inte att läsa: {error}", error=True)
            return {}

    def _fetch(self) -> None:
        from affarsplan_data.catalogue import load_catalogue
        from affarsplan_data.sources import fetching, rounds, servers

        catalogue = load_catalogue()
        tables = fetching.tables_to_fetch(catalogue)
        addresses = servers.addresses(catalogue)
        self.journal.say(f"Hämtar {len(tables)} tabeller.", event="fetch", tables=len(tables))
        results = rounds.fetch_all(
            catalogue, tables, fetching.archive(), addresses, done=self._fetched
        )
        for result in results:
            self.summary.tables[result.outcome] = self.summary.tables.get(result.outcome, 0) + 1
        failed = [result for result in results if result.outcome == "failed"]
        self.summary.sources_failed += [
            Failure(result.table.id, str(result.error)) for result in failed
        ]
        if failed:
            some = f"{len(failed)} av {len(results)} tabeller kunde inte hämtas."
            self.journal.say(f"{some} Det som fanns i arkivet står kvar.", error=True)
            self.summary.next.append(
                f"{some} Kör affarsplan yearly igen senare; det som kom hämtas inte om. Faller samma "
                "tabell igen: affarsplan check."
            )

    def _fetched(self, result: Any) -> None:
        facts = {"table": result.table.id, "outcome": result.outcome}
        if result.outcome == "failed":
            self.journal.say(
                f"{result.table.id}: {result.error}", event="table", error=True, **facts
            )
        elif result.outcome != "unchanged":
            self.journal.say(f"{result.table.id}: ny version hämtad.", event="table", **facts)

    def _take_in(self) -> None:
        from affarsplan_data.catalogue import load_catalogue
        from affarsplan_data.sources import delivered, fetching

        failed = [
            Failure(one.file, str(one.error))
            for one in delivered.take_in(load_catalogue(), fetching.archive())
            if one.outcome == "failed"
        ]
        for one in failed:
            self.journal.say(f"{one.what}: {one.why}", event="delivered", error=True)
        self.summary.sources_failed += failed
        if failed:
            self.summary.next.append(
                "Rätta de levererade filerna: affarsplan delivered säger felen."
            )

    def _check(self, before: Mapping[str, frozenset[tuple[str, str]]]) -> None:
        from affarsplan_data.pages import freshness
        from affarsplan_data.sources import fetching

        for fault in fetching.archive().verify().faults:
            self.summary.sources_failed.append(Failure("arkivet", fault.message))
            self.journal.say(fault.message, event="archive", error=True)
        if self.asked.data != NEWEST:
            return
        problems = _problems()
        for id, used in self._used().items():
            if gone := before.get(id, frozenset()) - used:
                named = swedish.listing(sorted(table for _, table in gone))
                why = f"{named} används inte längre. {problems.get(id, '')}".strip()
                self.summary.lost.append(Failure(id, why))
                self.journal.say(f"Måttet {id}: {why}", event="lost", error=True)
        found = freshness.freshness(data=self.asked.data)
        self.summary.stale += [one.measure for one in found if one.is_stale]
        if self.summary.stale:
            count = len(self.summary.stale)
            self.journal.say(f"{count} mått borde ha kommit i nyare version.", event="stale")

    def _stand(self) -> None:
        lost = swedish.listing([one.what for one in self.summary.lost])
        self.journal.say(
            "Rapporten görs inte: uppgifter som fanns i den går inte längre att använda. En tidigare "
            "rapport står kvar.",
            event="stands",
            error=True,
        )
        self.summary.next.append(
            f"Se varför uppgifterna inte går att använda: affarsplan status --measure MÅTT ({lost}). Gör "
            "rapporten utan dem med --allow-loss."
        )
        for one, target in zip(self.given, self._targets(), strict=True):
            self.summary.reports.append(
                ReportOutcome(one.region, int(target.parent.name), "stands", str(target))
            )

    def _report(self) -> None:
        from affarsplan_data.report.build import build_reports

        dated = self._dated()
        results = build_reports(
            dated,
            output=self.asked.output,
            force=self.asked.force,
            progress=self._page,
            runner=self.asked.runner() if self.asked.runner else None,
        )
        for given, result in zip(dated, results, strict=True):
            self._reported(given, result)

    def _dated(self) -> list[Parameters]:
        """Return what the reports show, the year that of the newest figures where none was asked for."""
        if self.asked.year is not None:
            return list(self.given)
        from affarsplan_data.report.build import default_year

        year = default_year(self.asked.data)
        return [replace(one, year=year) for one in self.given]

    def _targets(self) -> list[Path]:
        return [self.asked.output / str(one.year) / one.region for one in self._dated()]

    def _page(self, step: Any) -> None:
        if step.result is None:
            return
        run, result = step.run, step.result
        facts = {"page": run.page, "region": run.report, "seconds": result.seconds}
        if result.error:
            said = f"{run.short} ({run.notebook.path.name}) föll: {result.error}"
            self.journal.say(said, event="page", error=True, **facts)
        else:
            why = f" ({result.why})" if result.why else ""
            self.journal.say(f"{run.short}: klar{why}.", event="page", **facts)

    def _reported(self, given: Parameters, result: Any) -> None:
        failed = [Failure(page.run.page, str(page.error)) for page in result.failed]
        for fault in (result.refused, result.fault):
            if fault is not None:
                failed.append(Failure("rapporten", str(fault)))
        outcome: summaries.Outcome = "published" if result.published else "failed"
        if result.unchanged:
            outcome = "unchanged"
        target = self.asked.output / str(given.year) / given.region
        self.summary.reports.append(
            ReportOutcome(
                *(given.region, given.year, outcome, str(target)),
                *(len(result.pages), result.ran, tuple(failed)),
            )
        )
        said = {
            "published": f"Rapporten för {given.region} är klar: {target}.",
            "unchanged": f"Inget har ändrats för {given.region}. Rapporten står kvar: {target}.",
            "failed": f"Rapporten för {given.region} publicerades inte. {_standing(target)}",
        }[outcome]
        self.journal.say(said, event="report", error=outcome == "failed", outcome=outcome)
        if outcome == "failed":
            for one in failed:
                self.journal.say(f"{one.what}: {one.why}", event="report", error=True)
            self.summary.next.append(
                f"Öppna de körda anteckningsböckerna i {result.folder / 'notebooks'}: felet står i "
                "cellen. Rätta det och kör igen; bara de sidor som föll körs om."
            )

    def _publish(self) -> None:
        from affarsplan_data.report.publishing import publish

        assert self.asked.publish is not None
        for one in self.summary.reports:
            if one.outcome not in ("published", "unchanged"):
                continue
            folder = Path(one.folder)
            copied = publish(folder, self.asked.publish)
            target = self.asked.publish / str(one.year) / one.region
            self.summary.published.append(str(target))
            said = "Publicerad i" if copied else "Redan publicerad i"
            self.journal.say(f"{said} {target}.", event="publish", copied=copied)

    def _prune(self) -> None:
        from affarsplan_data.sources import fetching

        pruned = fetching.archive().prune(self.asked.keep)
        self.summary.pruned_files = len(pruned.removed)
        if pruned.removed:
            said = f"{len(pruned.removed)} filer gallrade ur arkivet."
            self.journal.say(said, event="prune", bytes=pruned.bytes)


def _standing(target: Path) -> str:
    """Return what lies in a report's place after a build that failed."""
    return f"Den förra står kvar: {target}." if target.is_dir() else "Ingen fanns förut."


def _tell(asked: Asked, summary: Summary, journal: Journal) -> None:
    """Write the summary and give it to the user's command; nothing that goes wrong here fails the run."""
    paths = [asked.output / FOLDER / f"{journal.stem}.json"] if journal.stem else []
    if summary.exit_code != summaries.LOCKED:
        # What the other run says, which holds the folder, is the newest.
        paths.append(asked.output / LATEST)
    try:
        summaries.write(summary, paths)
    except OSError as error:
        journal.say(f"Sammanfattningen gick inte att skriva: {of_system(error)}", error=True)
    if asked.notify_command is None:
        return
    if fault := notify(asked.notify_command, summary.text()):
        journal.say(fault, event="notify", error=True)
    else:
        journal.say("Sammanfattningen är lämnad till kommandot.", event="notify")


def _problems() -> Mapping[str, str]:
    """Return why something that has been fetched or delivered is not used."""
    from affarsplan_data import observations

    return observations.problems()


def _version() -> str:
    try:
        return version("affarsplan-data")
    except PackageNotFoundError:
        return "okänd"
