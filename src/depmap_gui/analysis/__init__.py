"""What follows from the map: attribution, IP, inputs, concentration, and why."""
