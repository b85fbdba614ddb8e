"""W3C WebSub: the subscriber, and the endpoint of `ingest listen` for pushes and pings."""
