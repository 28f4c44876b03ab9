"""``python -m xiuhua`` is the command ``xiuhua``."""

from xiuhua.cli.main import main

if __name__ == "__main__":
    main()
