"""When to ask again, and in which order: poll intervals, retries, freshness. Pure: values and `now` in."""
