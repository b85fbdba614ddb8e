-- The lake: tables by name from PostgreSQL, rows in files below a folder.
attach {catalog} as lake (data_path {data}{options})
