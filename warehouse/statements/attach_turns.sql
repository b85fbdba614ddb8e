-- The lake's PostgreSQL itself, for its locks.
attach {catalog} as turns (type postgres)
