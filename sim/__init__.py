"""PilotZone: automated and human-driven vehicles on the roads of an industrial park."""
