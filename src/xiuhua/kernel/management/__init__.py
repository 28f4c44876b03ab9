"""Django's commands as we change them."""
