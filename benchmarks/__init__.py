"""How fast, how large and how right: whole-process and per-step measures, run by `make bench`."""
