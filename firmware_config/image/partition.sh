#!/bin/sh
# partition.sh DISK: gives a flashed card's root partition (2) 8 GiB and the rest to a data partition (3).
#
# Works on an MBR table, which is what Raspberry Pi OS has (systemd-repart knows GPT only), on a card or on a picture of
# one. What is laid out already stays as it is; what has no room is left as it is and said.
set -eu

disk=$1
root_mib=8192
least_data_mib=2048
sector=512

field() { # PARTITION FIELD: the start or the size of a partition in sectors, nothing where there is no such partition
    sfdisk --dump "$disk" | tr -d ' ' | sed -n "s/^[^:]*[^0-9]$1:.*$2=\([0-9]*\).*/\1/p"
}

if [ -n "$(field 3 size)" ]; then
    exit 0
fi
start=$(field 2 start)
if [ -z "$start" ]; then
    echo "$disk: there is no second partition; this is no card of Raspberry Pi OS." >&2
    exit 1
fi
if [ -b "$disk" ]; then total=$(blockdev --getsz "$disk"); else total=$(($(stat -c %s "$disk") / sector)); fi
end=$((start + $(field 2 size)))
wanted=$((start + root_mib * 1024 * 1024 / sector))
if [ "$end" -gt "$wanted" ]; then wanted=$end; fi
if [ $((total - wanted)) -lt $((least_data_mib * 1024 * 1024 / sector)) ]; then
    echo "$disk: no room for data: the card needs 16 GB, and the root partition must not have grown over it." \
        "Flash it anew and use 'wellheard image install', which takes the word 'resize' out of cmdline.txt." >&2
    exit 1
fi

# Both in one table, written once: a power cut leaves the old one or the new one.
sfdisk --dump "$disk" | sed "s/^\([^:]*[^0-9]2 *:.*size= *\)[0-9]*/\1$((wanted - start))/" >"${TMPDIR:-/tmp}/table.$$"
echo "start=$wanted, size=$((total - wanted)), type=83" >>"${TMPDIR:-/tmp}/table.$$"
sfdisk --quiet --force --no-reread "$disk" <"${TMPDIR:-/tmp}/table.$$"
rm -f "${TMPDIR:-/tmp}/table.$$"
