"""Shares of a survey's answers, with the uncertainty that the number of answers gives."""

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join


def survey_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The published share, percent, with a 95 % interval from the number of answers.

    A share whose number of answers is not known has no value: without it nobody can tell what it carries.
    ``count`` is the number of answers that the share corresponds to, to the nearest whole one, ``base``
    the number of answers. At exactly 0 and 100 percent there is no interval.
    """
    joined = join(frames, how="left")
    answers = joined["answers"].where(joined["answers"] > 0)
    share = joined["share"].where(answers.notna())
    margin = statistics.survey_margin(share, answers)
    return joined.assign(
        value=share,
        low=(share - margin).clip(lower=0),
        high=(share + margin).clip(upper=100),
        count=(share * answers / 100).round(),
        base=answers,
    )
