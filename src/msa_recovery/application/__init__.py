"""What happens to one event: the ports, the script that asks them, and the drivers that answer it."""
