"""How is a company set up by its administrator? One file per screen; all of them store through ``steps/setting_up.py``."""
