"""When, how often and how many at once: the steps as Prefect flows. Prefect is imported here alone."""
