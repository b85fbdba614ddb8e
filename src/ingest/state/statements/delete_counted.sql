-- Others take their place.
delete from counted
