"""`python -m stancewire`, for where the script is not on the path."""

from stancewire.cli import main

if __name__ == "__main__":
    main()
