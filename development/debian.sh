#!/bin/sh
# Usage: development/debian.sh NEED...     (python compiler broker database series browser units panels telephony emulator)
# Installs the Debian packages that this machine lacks for each NEED. Where that is not allowed it says
# which command does it, and fails. With nothing lacking it asks for nothing and takes no time.
set -eu

python=${PYTHON:-python3}
PATH=$PATH:/usr/sbin:/sbin # Debian keeps mosquitto there, outside a plain user's PATH

has() { command -v "$1" >/dev/null 2>&1; }

# The packages that are missing for one need.
lacking() {
    case $1 in
    python)
        has "$python" || echo python3
        "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
        ;;
    compiler) # evdev is published as source only, and wants the kernel's list of key codes
        has gcc || echo gcc libc6-dev
        [ -e /usr/include/linux/input.h ] || echo linux-libc-dev
        include=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
        [ -e "$include/Python.h" ] || echo python3-dev
        ;;
    broker) has mosquitto || echo mosquitto ;;
    database) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql ;;
    series) # InfluxDB 1, and a proxy through which it is written to like its later versions
        has influxd || echo influxdb
        has nginx || echo nginx
        ;;
    browser) # with a font for Cyrillic, or every page shows boxes
        has chromium || echo chromium
        has chromium-headless-shell || echo chromium-headless-shell
        has fc-list && fc-list :lang=ru | grep -q . || echo fontconfig fonts-dejavu-core
        ;;
    units) # what reads a terminal's files: systemd, udev, cloud-init, netplan, sudo, the partition table
          # editor; and what makes a bad line
        for pair in systemd-analyze:systemd udevadm:udev cloud-init:cloud-init netplan:netplan.io visudo:sudo \
            sfdisk:fdisk shellcheck:shellcheck ip:iproute2; do
            has "${pair%:*}" || echo "${pair#*:}"
        done
        [ -e /etc/systemd/timesyncd.conf ] || echo systemd-timesyncd
        ;;
    panels) # panels that only tests can plug in
        ldconfig -p | grep -q libumockdev.so.0 || echo libumockdev0
        has umockdev-run || echo umockdev
        ;;
    telephony) # an SMS gateway with a network to try it on, and the driver of modems
        has bearerbox || echo kannel
        [ -e /usr/lib/kannel/test/fakesmsc ] || echo kannel-extras
        has gammu-smsd && ls /usr/lib/*/dbd/libdbdsqlite3.so >/dev/null 2>&1 || echo gammu-smsd libdbd-sqlite3
        ;;
    emulator) # with what builds the kernel module and the disk of the virtual terminal
        for pair in qemu-system-x86_64:qemu-system-x86 qemu-img:qemu-utils mmdebstrap:mmdebstrap \
            cpio:cpio modprobe:kmod mke2fs:e2fsprogs busybox:busybox-static xz:xz-utils gcc-12:gcc-12; do
            has "${pair%:*}" || echo "${pair#*:}"
        done
        ;;
    *)
        echo "development/debian.sh: unknown need '$1'." >&2
        exit 2
        ;;
    esac
}

packages=
for need in "$@"; do
    packages="$packages $(lacking "$need")"
done
packages=$(echo $packages)

if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        as_root=refused
    fi
    if [ "$as_root" = refused ] || ! has apt-get; then
        echo "Missing on this machine, by Debian's names: $packages. Install with: sudo apt-get install $packages" >&2
        exit 1
    fi
    echo "Installing with apt: $packages" >&2
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 $packages >&2
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $("$python" --version) was found. Choose one: make PYTHON=python3.12 ..." >&2
    exit 1
fi
