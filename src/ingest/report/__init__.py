"""Reports: what came in, what became of it and what it says; and how a run ended."""
