"""What the archive keeps is brought by the client, from the server of its tests."""

from tests.http.conftest import archive, manual_clock, open_web, server, web

__all__ = ["archive", "manual_clock", "open_web", "server", "web"]
