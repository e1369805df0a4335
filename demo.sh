#!/bin/sh
# A tour of the `cart` command, from an empty folder to purchased carts. Read it along with what
# it prints. It needs Python 3.11 or later, and keeps to .venv and a store of its own.
set -eu
cd "$(dirname "$0")"

# Install the project into .venv, unless that is done.
python=${PYTHON:-python3}
[ -d .venv ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check .
PATH="$PWD/.venv/bin:$PATH"

# A store is a folder. Every command finds it in CART_STORE, or with --store.
CART_STORE=$(mktemp -d)
export CART_STORE
trap 'rm -rf "$CART_STORE"' EXIT

step() { printf '\n== %s\n' "$*"; }

# Run a command that must end with the exit status $1, and go on.
expect() {
    wanted=$1
    shift
    status=0
    "$@" || status=$?
    [ "$status" -eq "$wanted" ] || { echo "exit status $status, not $wanted: $*" >&2; exit 1; }
}

# The id of the cart that `cart … -o tsv` printed: the first field below the header.
cart_id() { sed -n 2p | cut -f 1; }

step "Log in. A script gives the password on standard input; --register adds a new user."
echo "correct horse" | cart login alice --password-stdin --register

step "See what is on sale."
cart catalog tea --sort price

step "Fill two carts. '-o tsv' tells a script the id of the new one."
first=$(cart add new TEA-SEN-100 2 -o tsv | cart_id)
cart add "$first" TEA-CAST-08
printf '%s\n' 'COF-ETH-250,1' 'FIL-V60-100,3' 'JAR-FID-05,6' | cart add "$first" -
second=$(cart add new MUG-350-WHT 4 -o tsv | cart_id)

step "Take a line out of the first cart."
cart remove "$first" JAR-FID-05

step "A card that is declined: exit status 5, and the cart is open again."
echo 4000000000000002 | expect 5 cart checkout "$first" --card -

step "A card that works: the receipt. '--card -' keeps the number out of the process list."
echo 4242424242424242 | cart checkout "$first" --card -

step "A payment whose answer is lost: exit status 8, and nobody knows if money moved."
echo 4000000000000341 | expect 8 cart checkout "$second" --card -
cart carts "$second"

step "The same command again finds out, and never charges twice."
echo 4000000000000341 | cart checkout "$second" --card -

step "One more cart, left for another day."
cart add new PIN-CAT-01 2 >/dev/null

step "Purchased carts."
cart carts --purchased

step "Carts that are not purchased."
cart carts

step "Log out."
cart logout

printf '\nThat was all. Next: cart --help\n'
