"""The replay: what a result holds, packed small, and the page that plays it."""
