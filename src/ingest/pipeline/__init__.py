"""The steps from a feed to published articles, one function each, and the wiring that joins them with the rest."""
