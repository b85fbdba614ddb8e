"""Logs, metrics and traces. Nothing is opened or imported before it is used."""
