"""Responses byte for byte: WARC files (ISO 28500, version 1.1), found again by their offsets."""
