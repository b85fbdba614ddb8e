"""Newsrooms' feeds in; a trustworthy warehouse of articles, and of the figures they quote, out."""

__version__ = "0.1.0"
