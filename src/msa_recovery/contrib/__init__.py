"""Glue for hosts and their frameworks, each in a module of its own, built on the public names of the library alone."""
