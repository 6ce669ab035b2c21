"""The papermill engine ``affarsplan``: a notebook in a child of a warm parent, instead of a kernel.

From the shell: ``papermill --engine affarsplan in.ipynb out.ipynb``. In a program that runs many
notebooks after one another the warm parent is started once.
"""

from collections.abc import Callable
from typing import Any

from papermill.engines import NBClientEngine, papermill_engines

from affarsplan_data.engine.parent import can_fork, shared
from affarsplan_data.engine.remote import RemoteManager

NAME = "affarsplan"
THINGS = ("pandas", "geopandas", "altair")
"""What the warm parent imports when it is papermill alone that asks."""


class WarmForkEngine(NBClientEngine):
    """Runs the cells in a child of a warm parent; in a kernel where processes cannot be forked."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        km: Any = None,
        keep: Callable[[Any], None] = lambda _: None,
        **options: Any,
    ) -> None:
        """Run the notebook.

        Args:
            nb_man: papermill's own record of the run.
            kernel_name: not used, but where a kernel is.
            km: what runs the cells; a new child of the warm parent when None.
            keep: is given the notebook as far as it came, whatever happened.
            options: as for papermill's own engine.
        """
        child = RemoteManager(shared(THINGS)) if km is None and can_fork() else None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, km=km or child, **options)
        finally:
            keep(nb_man.nb)
            if child:
                child.close()


def register() -> None:
    """Make the engine known to papermill, also when the package is not installed but only on the path."""
    papermill_engines.register(NAME, WarmForkEngine)
