"""When, how often, how many at once, after what. The steps themselves are in `ingest`; Prefect is known here alone."""
