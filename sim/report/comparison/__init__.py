"""The report of a study: what is decided, how sure that is, where and for whom it changes, what it costs."""
