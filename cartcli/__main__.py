"""`python -m cartcli` is the `cart` command."""

from cartcli.cli import main

if __name__ == "__main__":
    main()
