"""Great Expectations: suites, the validator, its results, and what results mean for a batch."""
