"""A finished report copied to a folder where others read it, whole or not at all."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from affarsplan_data.report.earlier import sha256_of
from affarsplan_data.report.errors import PublishError
from affarsplan_data.report.manifest import NAME
from affarsplan_data.report.publish import Place, check_output, reserved, swap


def publish(report: Path, to: Path) -> bool:
    """Copy the report in ``.../<year>/<region>`` to ``to/<year>/<region>``; tell whether it was needed.

    The copy is made beside the place and takes it in one step, so that readers always meet a whole
    report.

    Raises:
        OutputError: nothing can be written in ``to``.
        BusyError: another run is writing there.
        PublishError: the report is not whole, ``to`` is the folder it lies in, or the place holds
            something that is not a report. What was there stands.
    """
    outputs = _outputs(report)
    target = to.absolute() / report.parent.name / report.name
    if target.resolve() == report.resolve():
        raise PublishError(f"{to} är mappen som rapporten redan ligger i. Välj en annan.")
    check_output(to)
    if sha256_of(target / NAME) == sha256_of(report / NAME) and _is_whole(target, outputs):
        return False
    to.mkdir(parents=True, exist_ok=True)
    place = Place(target, shared=to.absolute())
    with reserved(place) as folder:
        shutil.copytree(report, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
        if not _is_whole(folder, outputs):
            raise PublishError(
                f"Rapporten i {report} är inte hel: en fil saknas eller är ändrad. Gör om den med "
                "affarsplan report --force."
            )
        swap(place)
    return True


def _outputs(report: Path) -> Mapping[str, str]:
    try:
        content = json.loads((report / NAME).read_text(encoding="utf-8"))
        return dict(content["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        raise PublishError(
            f"Det finns ingen rapport i {report}. Gör den först med affarsplan report."
        ) from None


def _is_whole(folder: Path, outputs: Mapping[str, str]) -> bool:
    return all(sha256_of(folder / name) == sha256 for name, sha256 in outputs.items())
