"""Section pages read as feeds: an HTML page that lists articles."""
