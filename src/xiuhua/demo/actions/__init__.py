"""The only writers of the made-up street: its files, its accounts, and the office that holds them."""
