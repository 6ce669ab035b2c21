"""Where figures come from: the built-in edition, and the producers that the archive is filled from."""

from affarsplan_data.sources.edition import Edition, EditionError, MissingFigure, load_edition

__all__ = ["Edition", "EditionError", "MissingFigure", "load_edition"]
