"""How is what the house knows told, in the language of who looks? Sentences, labels, lists as files: the same words behind every door."""
