"""Follow up a regional business plan with official statistics."""
