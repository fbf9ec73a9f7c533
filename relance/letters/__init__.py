"""A frozen notice becomes a page or a message; nothing is read from live tables, so the same notice is the same page in ten years."""
