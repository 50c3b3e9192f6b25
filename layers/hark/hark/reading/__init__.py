"""Reading what people write: language, sentiment, intent and urgency, with the courage to say "unsure"."""
