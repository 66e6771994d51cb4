#!/bin/sh
# setup.sh: makes a terminal of a running Raspberry Pi OS Lite (trixie, or bookworm by hand), from the files beside it.
#
# Run as root, by wellheard-setup.service until it has succeeded. Each step may be interrupted and repeated. The order
# matters: data partition first, because programs need room; the read-only root last, because nothing after it is kept.
set -eu

boot=/boot/firmware
here=$boot/wellheard
base=/opt/wellheard
data=/data/wellheard
export DEBIAN_FRONTEND=noninteractive

main() {
    step "data partition" make_data_partition
    step "system packages" install_packages
    step "files" copy_files
    step "data folders" mount_data
    step "program" install_program
    step "identity" take_identity
    step "services" enable_services
    step "read-only root" make_root_read_only
    touch /etc/wellheard/ready
    sync
    echo "wellheard: this terminal is ready and starts anew."
    systemctl --no-block reboot
}

step() {
    echo "wellheard: $1"
    "$2"
}

make_data_partition() {
    if [ -e /dev/disk/by-label/wellheard-data ]; then return; fi
    root=$(findmnt --noheadings --output SOURCE /)
    disk=/dev/$(lsblk --noheadings --output PKNAME "$root")
    sh "$here/partition.sh" "$disk"
    partx --update "$disk"
    udevadm settle
    resize2fs "$root"
    case $disk in *[0-9]) part=${disk}p3 ;; *) part=${disk}3 ;; esac
    mkfs.ext4 -q -F -L wellheard-data "$part"
    udevadm settle
}

install_packages() {
    apt-get update -qq
    packages="cage chromium fonts-dejavu-core initramfs-tools overlayroot polkitd python3-venv seatd systemd-timesyncd"
    # evdev may come as source, and then wants a compiler.
    if ! ls "$here"/wheels/evdev-*.whl >/dev/null 2>&1; then packages="$packages gcc libc6-dev python3-dev"; fi
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $packages
}

copy_files() { # FAT knows no modes
    (cd "$here/system" && find . -type f) | while read -r file; do
        install -D -m 0644 "$here/system/$file" "/${file#./}"
    done
    mkdir -p /etc/wellheard /data
    systemd-sysusers /etc/sysusers.d/wellheard.conf
    systemctl daemon-reload
    udevadm control --reload
}

mount_data() {
    systemctl enable --now data.mount
    install -d -o wellheard -g wellheard -m 0700 "$data"
    install -d -o systemd-timesync -g systemd-timesync -m 0755 /data/timesync
    mkdir -p /var/lib/wellheard /var/lib/systemd/timesync
    systemctl enable --now var-lib-wellheard.mount var-lib-systemd-timesync.mount
}

install_program() {
    if [ -e $base/base/.complete ]; then return; fi
    python3 -m venv --clear $base/base
    if [ -d "$here/wheels" ]; then
        $base/base/bin/pip install --quiet --no-index --require-hashes --find-links "$here/wheels" \
            --requirement "$here/wheels/requirements.lock"
    else
        $base/base/bin/pip install --quiet 'wellheard[edge]'
    fi
    touch $base/base/.complete
}

take_identity() {
    for file in "$here"/identity/*; do
        if [ -f "$file" ]; then
            install -o wellheard -g wellheard -m 0600 "$file" "/var/lib/wellheard/${file##*/}"
        fi
    done
}

enable_services() {
    systemctl set-default graphical.target
    systemctl enable seatd systemd-timesyncd wellheard-edge wellheard-kiosk
    # Nobody is there to answer questions, and nothing may be installed under a patient's finger.
    systemctl disable --quiet userconfig.service apt-daily.timer apt-daily-upgrade.timer man-db.timer 2>/dev/null || true
    touch /etc/cloud/cloud-init.disabled
    rm -rf "$here/identity" "$boot/user-data" "$boot/network-config"
}

make_root_read_only() {
    grep -qx overlay /etc/initramfs-tools/modules || echo overlay >>/etc/initramfs-tools/modules
    update-initramfs -u -k all
    add_line "$boot/config.txt" dtparam=watchdog=on
    # recurse=0: the root alone; otherwise the data partition, too, would be in memory.
    grep -q overlayroot= $boot/cmdline.txt || sed -i '1s/$/ overlayroot=tmpfs:recurse=0/' $boot/cmdline.txt
    sed -i '\#[[:space:]]/boot/firmware[[:space:]]#s/defaults/defaults,ro/; s/defaults,ro,ro/defaults,ro/' /etc/fstab
}

add_line() {
    grep -qxF "$2" "$1" || echo "$2" >>"$1"
}

main
