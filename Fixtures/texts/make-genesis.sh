#!/bin/sh
# Print a passage of the King James Version, one verse a line, without its references.
#
#   Fixtures/texts/make-genesis.sh > Fixtures/texts/genesis.txt    the text that is shipped
#   Fixtures/texts/make-genesis.sh gen1:1-gen50:26                 the whole of Genesis
#   Fixtures/texts/make-genesis.sh gen1:1-rev22:21                 the whole Bible
#
# Needs Debian's `bible-kjv` and `bible-kjv-text` (4.38): apt-get install bible-kjv
set -eu
LC_ALL=C
export LC_ALL

passage=${1:-gen1:1-gen15:21}

if ! command -v bible >/dev/null 2>&1; then
  echo "make-genesis.sh: the program 'bible' is missing; run: apt-get install bible-kjv" >&2
  exit 69
fi

# -f turns pretty-printing off: each line is `Ge1:1 In the beginning ...`. The program talks to a
# terminal unless its input is closed.
text=$(bible -f "$passage" </dev/null | sed -e 's/^[^ ]* *//' -e 's/ *$//')

if [ -z "$text" ]; then
  echo "make-genesis.sh: no verses in '$passage'" >&2
  exit 65
fi
if printf '%s\n' "$text" | grep -q '[^ -~]'; then
  echo "make-genesis.sh: '$passage' holds characters other than printable ASCII" >&2
  exit 65
fi
printf '%s\n' "$text"
