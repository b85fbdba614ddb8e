delete from prunings
