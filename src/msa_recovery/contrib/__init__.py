"""Glue for frameworks, each in a module of its own, built on the library's public names."""
