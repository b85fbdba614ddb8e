-- The lake's PostgreSQL itself, for its locks.
attach {catalog} as locks (type postgres)
