"""What an analyst picks and sees in a notebook: one indicator, its chart, its table and its code."""

from affarsplan_data.explorer.choice import Choice, Shown, first_choice
from affarsplan_data.explorer.opening import explore
from affarsplan_data.explorer.saving import save

__all__ = ["Choice", "Shown", "explore", "first_choice", "save"]
