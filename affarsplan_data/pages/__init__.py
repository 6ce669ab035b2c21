"""What a notebook shows: a page for one region, with its question, its answer and its figures."""

from affarsplan_data.pages.face import Page, page

__all__ = ["Page", "page"]
