delete from releases
