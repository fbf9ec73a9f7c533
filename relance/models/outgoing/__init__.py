"""What becomes of a notice, from the decision to what is kept of it?"""
