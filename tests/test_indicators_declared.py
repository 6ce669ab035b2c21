"""The follow-up's 84 indicators: each stands in the catalogue, with a formula or with why it is missing.

The lists are the project's own: what an indicator rests on (open data, a survey, an order, nothing), and
the delmål that it belongs to.
"""

import pytest

from affarsplan_data.catalogue import Indicator, load_catalogue

OPEN = {
    "bankruptcies_per_1000": "D06",
    "branch_breadth_kolada": "D04",
    "brp_gap_decomposition": "RUS20",
    "brp_per_capita_index": "RUS20",
    "brp_per_capita_real_growth_10y": "RUS20",
    "brp_per_employed_index": "D09 RUS20",
    "brp_volume_growth_10y": "RUS20",
    "business_climate_insikt_nki": "D06 RUS16",
    "business_climate_sn": "D06 RUS16",
    "business_climate_spread": "D06 RUS16",
    "business_rd_per_capita": "D02 RUS14",
    "business_rd_share_of_total_rd": "D02",
    "commuting_balance": "D12",
    "employed_daytime_index": "RUS19",
    "employees_in_new_firms_share": "D08",
    "employees_in_women_led_firms_share": "D08",
    "employment_gap_birth": "RUS19",
    "employment_gap_sex": "RUS19",
    "employment_rate_20_64": "RUS19",
    "employment_rate_decomposition": "RUS19",
    "engineers_ict_share": "D11",
    "entrepreneur_gap_women_men": "D06 D11",
    "entrepreneur_rate": "D06 RUS16",
    "entrepreneur_still_after_one_year": "D05",
    "exporting_firms_per_1000_firms": "D07 RUS15",
    "fast_broadband_access": "D06",
    "foreign_owned_employment_share": "D12",
    "gender_segregation_index_industry": "D04 D11",
    "ghg_industry_index": "D09",
    "ghg_intensity_brp": "D09 RUS20",
    "ghg_territorial_index": "D09",
    "goods_export_index": "D07",
    "goods_export_per_capita": "D07 RUS15",
    "goods_exporting_firms": "D07 RUS15",
    "gross_investment_nuts2": "D12",
    "higher_ed_rd_per_capita": "D02",
    "ict_workforce_diversity": "D09",
    "industry_carbon_productivity": "D11",
    "industry_concentration_hhi": "D04",
    "industry_diversity_shannon": "D04",
    "knowledge_intensive_services_share": "D01",
    "krugman_specialisation": "D04",
    "managers_share_by_group": "D01",
    "manufacturing_share_private": "D04",
    "matched_employment_rate": "D12",
    "median_income_gap": "RUS20",
    "net_domestic_migration_20_39": "D12",
    "net_firm_entry_rate": "D05",
    "new_firms_foreign_background_share": "D05",
    "new_firms_per_1000": "D05 RUS14",
    "new_firms_women_share": "D05",
    "population_growth_components": "D12",
    "postgraduate_share": "D02",
    "postsecondary_3y_share": "D01",
    "private_employment_size_structure": "D03",
    "public_innovation_funding_per_capita": "D02",
    "qualified_job_match": "D01",
    "rd_share_of_brp": "D02 D10",
    "regional_innovation_index_market": "D03",
    "regional_innovation_index_renewal": "D01 RUS14",
    "ris_index_se12": "D10",
    "service_share_daytime": "D04",
    "services_export_per_capita": "D07",
    "shift_share_regional_component": "D10 RUS19",
    "sickness_rate_gap": "D08",
    "sme_collaboration_share": "D03",
    "strength_area_employment_index": "D10",
    "strength_area_foreign_born_share": "D11",
    "strength_area_lq": "D10",
    "strength_area_women_share": "D11",
    "strength_occupations_lq": "D10",
    "three_year_survival": "D05",
    "unemployment_rate_bas": "RUS19",
    "value_added_per_employee": "D08",
}
SURVEYS = {
    "digital_adoption_share": "D09",
    "fvv_cooperation_share": "D03",
    "growth_willingness_share": "D08",
    "innovative_smes_share": "D01 RUS14",
    "labour_supply_obstacle_share": "D08",
    "smes_environment_work_share": "D09",
}
ORDERED = {
    "small_firm_employment_growth": "D08",
    "sme_share_of_export_value": "D07 RUS15",
    "uf_participation_share": "D05 RUS14",
}
NOWHERE = {
    "women_led_exporting_firms_share": "D07",
}
NUTS2 = {"gross_investment_nuts2", "ris_index_se12", "sme_collaboration_share"}
"""Published openly, but only for five counties together, which never stand for one of them."""
EVERY = OPEN | SURVEYS | ORDERED | NOWHERE
CATALOGUE = load_catalogue()


def declared(id: str) -> Indicator:
    assert id in CATALOGUE.indicators, f"{id} saknas i katalogen"
    return CATALOGUE.indicators[id]


def test_there_are_84_of_which_74_are_open():
    assert (len(EVERY), len(OPEN)) == (84, 74)
    assert (len(SURVEYS), len(ORDERED), len(NOWHERE)) == (6, 3, 1)


@pytest.mark.parametrize("id", OPEN)
def test_an_open_indicator_has_a_formula_and_is_had_openly(id):
    about = declared(id)
    assert about.formula.inputs
    allowed = {"not_available"} if id in NUTS2 else {"edition", "open_api", "open_file"}
    assert about.availability in allowed
    if about.availability != "edition":
        assert about.missing_reason


@pytest.mark.parametrize(
    ("ids", "availability"),
    [(SURVEYS, "survey_file"), (ORDERED, "ordered"), (NOWHERE, "not_available")],
)
def test_the_others_say_why_they_are_missing_and_how_they_are_had(ids, availability):
    for id in ids:
        about = declared(id)
        assert about.availability == availability, id
        assert about.missing_reason
        assert about.formula.inputs


@pytest.mark.parametrize("id", EVERY)
def test_an_indicator_belongs_to_the_goals_that_it_follows(id):
    about = declared(id)
    assert set(EVERY[id].split()) <= {*about.subgoals, *about.rus}


def test_what_is_not_available_is_never_called_a_countys():
    for id in NUTS2:
        assert declared(id).levels == ()
