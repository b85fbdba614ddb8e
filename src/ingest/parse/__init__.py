"""Turns foreign bytes and words into our nouns. Pure: opens nothing, waits for nothing, reads no clock."""
