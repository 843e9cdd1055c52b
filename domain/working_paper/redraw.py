"""The shell script by which anybody draws a sample again.

It uses sha256sum, bc, rev, sort and the plain text tools that are on every such system, and
gives, line by line, the tickets that `domain.assurance.tickets` and consistent-sampler 1.0.10
give.  Ids are read one a line, as they are, in UTF-8.
"""

REDRAW = r"""#!/bin/sh
# Draws a sample again: reads draw ids, one a line, and writes their tickets, lowest first.
#
#   sh redraw.sh SEED [HOW_MANY] < ids.txt
#
# A ticket is "0." and the decimal digits, last digit first, of the SHA-256 of the text made of
# the SHA-256 of the seed (64 lowercase hexadecimal digits) and the draw id.
set -eu
export LC_ALL=C BC_LINE_LENGTH=0
for tool in sha256sum bc rev sort; do
    command -v "$tool" > /dev/null || { echo "redraw.sh needs $tool. Install it." >&2; exit 2; }
done
[ $# -ge 1 ] || { echo "usage: sh redraw.sh SEED [HOW_MANY] < ids.txt" >&2; exit 2; }
seed_hash=$(printf '%s' "$1" | sha256sum | cut -c 1-64)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/items"
cat > "$folder/ids"

# One file for each id, then one run of sha256sum over all of them.
n=1000000000
while IFS= read -r id || [ -n "$id" ]; do
    n=$((n + 1))
    printf '%s%s' "$seed_hash" "$id" > "$folder/items/$n"
done < "$folder/ids"
[ "$n" -gt 1000000000 ] || { echo "redraw.sh was given no draw id." >&2; exit 2; }
(cd "$folder/items" && printf '%s\n' * | xargs sha256sum) |
    cut -c 1-64 | tr a-f A-F > "$folder/hashes"

# Hexadecimal to decimal, last digit first, and noughts at the end up to 64 digits.
{ echo 'ibase=16'; cat "$folder/hashes"; } | bc | rev |
    sed -e ':more' -e 's/^.\{0,63\}$/&0/' -e 't more' -e 's/^/0./' > "$folder/tickets"

paste "$folder/tickets" "$folder/ids" | sort > "$folder/drawn"
if [ $# -ge 2 ]; then head -n "$2" "$folder/drawn"; else cat "$folder/drawn"; fi
"""
