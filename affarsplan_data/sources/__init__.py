"""Where figures come from: one small adapter per provider, all giving observations' raw rows.

This release has one provider, the built-in edition.
"""

from affarsplan_data.sources.edition import Edition, EditionError, MissingFigure, load_edition

__all__ = ["Edition", "EditionError", "MissingFigure", "load_edition"]
