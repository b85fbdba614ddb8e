"""Compares, chooses, ranks and schedules. Pure: values and `now` in, values out."""
