"""DuckDB and DuckLake: load, publish, release, search and export, with the SQL that does so."""
