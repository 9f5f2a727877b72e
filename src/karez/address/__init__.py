"""Address text, sort code or pre-advice → destination: gazetteer, matching, delivery areas."""
