"""RSS, Atom, RDF, JSON Feed, sitemaps, section pages and OPML; where feeds are found, and the list of sources."""
