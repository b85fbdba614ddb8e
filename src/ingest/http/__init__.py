"""The HTTP client: politeness, robots.txt, addresses, redirects, limits. Every response is archived."""
