#!/bin/sh
# Every night: what was bought yesterday, order by order, into a file of its own. A file is there
# whole or not at all, and running it again for the same day writes the same.
#   nightly_export.sh FOLDER [DAY]
set -eu
folder=$1
day=${2:-$(date -u -d yesterday +%F)}
part="$folder/.orders-$day.csv"

cart orders --all --since "$day" --until "$day" -o csv -q >"$part"
mv "$part" "$folder/orders-$day.csv"
