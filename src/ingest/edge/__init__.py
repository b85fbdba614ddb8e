"""Where the world is touched: the web, the archive, the database, the judge, the messengers."""
