"""What is made from the compiled charts: drawings of them, and walks through them by the real step."""
