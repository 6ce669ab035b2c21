"""What a notebook shows: a page for one region, with its question, its answer and its figures."""

from affarsplan_data.pages.face import Page, page
from affarsplan_data.pages.parameters import ParameterError, Parameters, parameters

__all__ = ["Page", "ParameterError", "Parameters", "page", "parameters"]
