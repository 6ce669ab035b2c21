"""What a notebook shows: a page for one region, with its question, its answer and its figures."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from affarsplan_data.pages.face import Page, page

__all__ = ["Page", "page"]


def __getattr__(name: str) -> Any:
    """Import the page when it is first used: drawing takes long to import, and not all here draws."""
    if name not in __all__:
        raise AttributeError(f"affarsplan_data.pages har inte {name}")
    from affarsplan_data.pages import face

    return getattr(face, name)
