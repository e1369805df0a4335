#!/bin/sh
# A tour of the `cart` command, from an empty folder to purchased carts. Read it along with what
# it prints. It needs Python 3.11 or later, and keeps to .venv and a store of its own.
set -eu
cd "$(dirname "$0")"

# Install the project into .venv, unless that is done and nothing has changed since.
python=${PYTHON:-python3}
state="$PWD $("$python" -V) $(find cartcli data setup.cfg pyproject.toml -type f ! -name '*.pyc' -exec cksum {} + | sort | cksum)"
if [ "$(cat .venv/installed-demo 2>/dev/null)" != "$state" ]; then
    echo 'Installing cartcli, with click, pandas, tabulate, wcwidth and argon2-cffi, into .venv …'
    [ -d .venv ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check .
    echo "$state" >.venv/installed-demo
fi
PATH="$PWD/.venv/bin:$PATH"
COLUMNS=80
export COLUMNS

# A store is a folder. Every command finds it in CART_STORE, or with --store.
CART_STORE=$(mktemp -d)
export CART_STORE
trap 'rm -rf "$CART_STORE"' EXIT

step() { printf '\n== %s\n' "$*"; }

# Show a command, and run it; what it reads from standard input stands before it.
show() { printf '$ %s\n' "$*"; sh -c "$*"; }

# The same for one that must end with the exit status $1.
expect() {
    wanted=$1
    shift
    status=0
    show "$@" || status=$?
    [ "$status" -eq "$wanted" ] || { echo "exit status $status, not $wanted: $*" >&2; exit 1; }
}

# The id of the cart that `cart … -o tsv` printed: the first field below the header.
cart_id() { sed -n 2p | cut -f 1 | cut -c 1-8; }

step "Log in. A script gives the password on standard input; --register adds a new user."
show "echo 'correct horse' | cart login alice --password-stdin --register -q"

step "See what is on sale."
show "cart catalog tea --sort price -q"

step "Fill two carts. '-o tsv' tells a script the id of the new one."
echo '$ first=$(cart add new TEA-SEN-100 2 -o tsv | sed -n 2p | cut -f 1)'
first=$(cart add new TEA-SEN-100 2 -o tsv | cart_id)
show "cart add $first TEA-CAST-08"
show "printf 'COF-ETH-250,1\\nFIL-V60-100,3\\nJAR-FID-05\\n' | cart add $first -"
echo '$ second=$(cart add new MUG-350-WHT 4 -o tsv | sed -n 2p | cut -f 1)'
second=$(cart add new MUG-350-WHT 4 -o tsv | cart_id)

step "Take a line out of the first cart."
show "cart remove $first JAR-FID-05"

step "A card that is declined: exit status 5, and the cart is open again."
expect 5 "echo 4000000000000002 | cart checkout $first --card -"

step "A card that works: the receipt. '--card -' keeps the number out of the process list."
show "echo 4242424242424242 | cart checkout $first --card -"

step "A payment whose answer is lost: exit status 8, and nobody knows if money moved."
expect 8 "echo 4000000000000341 | cart checkout $second --card -"
show "cart carts $second"

step "The same command again finds out, and never charges twice."
show "echo 4000000000000341 | cart checkout $second --card -"

step "What was bought."
show "cart orders"
show "cart logout"

# The original demonstration: two runs, by chance, on one store.
step "The nine steps of the good path, with a new cart that is bought or left, by chance."
show "cart demo"

step "Once more: what the first run left is found, and bought."
show "cart demo"

printf '\nThat was all. To go on in this shell:\n  . .venv/bin/activate\n  cart --help\n'
