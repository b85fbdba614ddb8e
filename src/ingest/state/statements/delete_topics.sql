delete from topics
