"""How does what is written become a message?"""
