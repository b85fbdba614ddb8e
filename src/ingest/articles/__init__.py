"""Articles out of their pages: text, title, authors, dates, links, and the processes that parse them."""
