-- One row per source whose feed was ever read, or is gone.
from ops.known_feeds
