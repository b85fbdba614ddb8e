"""Alerts: their life cycle, their texts, and their delivery to people."""
