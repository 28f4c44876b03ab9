"""What a received file looks like before anything of it is written: the checks, and what one row has of them."""
