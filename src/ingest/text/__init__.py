"""Text of any newsroom: characters, languages, dates and snippets of HTML. Pure."""
