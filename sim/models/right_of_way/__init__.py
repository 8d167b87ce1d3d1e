"""Right of way: who may enter a conflict area, judged by arrival-time windows."""
