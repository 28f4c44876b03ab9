"""One module per command, named as Django calls it."""
