#!/bin/sh
# A till: reads the barcodes of one customer, a line each, asks for the card, and sells.
#   till.sh CARD_FILE <barcodes
# The login is the till's own, in CART_SESSION. Ends with the exit status of the checkout; whoever
# runs it again for the same customer, because the answer was lost, gives the same SALE.
set -eu
card=$1
sale=${SALE:-$(date +%s)-$$}

added=$(cart add new - --request-id "$sale" -o tsv -q)
cart=$(printf '%s\n' "$added" | sed -n 2p | cut -f 1)
total=$(cart carts "$cart" -o jsonl -q | sed 's/.*"total": "\([0-9.]*\)", "currency".*/\1/')
tries=0
while status=0; cart checkout "$cart" --card - --expect-total "$total" -q <"$card" || status=$?; do
    # Not known yet (8), or busy (7): the same command again finds out, and never charges twice.
    [ "$status" -eq 8 ] || [ "$status" -eq 7 ] || exit "$status"
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || exit "$status"
    sleep "${TILL_PAUSE:-2}"
done
