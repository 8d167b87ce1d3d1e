"""How near road users come to a collision: times to it and decelerations that avoid it, scalar and in closed form."""
