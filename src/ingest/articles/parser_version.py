"""The version of all that is read of pages."""

PARSER_VERSION = "8"  # goes up whenever the same page would be read differently
