"""What an analyst works with: searchable lists of what there is, and one indicator for a region."""

from affarsplan_data.analysis.listing import Listing, indicators, measures
from affarsplan_data.analysis.names import Ids, ids
from affarsplan_data.analysis.view import IndicatorView, indicator

__all__ = ["Ids", "IndicatorView", "Listing", "ids", "indicator", "indicators", "measures"]
