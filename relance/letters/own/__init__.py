"""How do documents that a company made become its letters?"""
