"""How is a file of the outside world read? Bytes in, rows and problems out: one file per format, no database."""
