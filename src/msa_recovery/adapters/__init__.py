"""One file for each outside thing that a port can be plugged into."""
