"""The journey itself: pure data and pure functions, without clock, randomness, files, sockets or logging."""
