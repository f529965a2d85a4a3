"""What several kinds of hosts need and the library itself does not: small, and built on the public names alone."""
