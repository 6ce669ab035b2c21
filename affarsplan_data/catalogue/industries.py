"""The industries that figures are divided by."""

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
