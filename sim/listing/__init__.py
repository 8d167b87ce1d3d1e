"""What there is: cards, models, messages, events, tables, keys of a scenario …, told in a line or in full."""
