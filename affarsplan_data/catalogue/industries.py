"""The industries that figures are divided by: one key for all tables, whatever their classification."""

from typing import Literal

Classification = Literal["SNI 2002", "SNI 2007", "SNI 2025"]
"""The versions of the Swedish standard industrial classification (SCB)."""

INDUSTRIES = {
    "A": "Jordbruk, skogsbruk och fiske",
    "B+C": "Tillverkning och utvinning",
    "D+E": "Energi och miljö",
    "F": "Byggverksamhet",
    "G": "Handel",
    "H": "Transport och magasinering",
    "I": "Hotell och restaurang",
    "J": "Information och kommunikation",
    "K": "Finans och försäkring",
    "L": "Fastighetsverksamhet",
    "M+N": "Företagstjänster",
    "O": "Offentlig förvaltning",
    "P": "Utbildning",
    "Q": "Vård och omsorg",
    "R+S+T+U": "Kultur och personliga tjänster",
    "unknown": "Okänd bransch",
}
"""The industry groups (SNI 2007 sections, as SCB groups them) with their Swedish names."""
