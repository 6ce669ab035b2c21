"""``python -m affarsplan_data``: the same as the command ``affarsplan``."""

from affarsplan_data.cli import main

if __name__ == "__main__":
    main()
