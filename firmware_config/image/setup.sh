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
    packages="cage chromium fonts-dejavu-core initramfs-tools overlayroot polkitd python3-venv seatd"
    packages="$packages systemd-timesyncd xwayland libgl1-mesa-dri"
    # A bundle brings everything as wheels; the package index has evdev as source, which wants a compiler.
    if [ ! -d "$here/bundle" ]; then packages="$packages gcc libc6-dev python3-dev"; fi
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

# Two installations: the one that the card was made with, on the read-only root, shows the screen and can always install;
# beside it, on the data partition, the versions that the launcher chooses from and updates replace.
install_program() {
    if [ ! -e $base/base/.complete ]; then
        python3 -m venv --clear $base/base
        install_into $base/base
        touch $base/base/.complete
    fi
    install -m 0644 "$(find $base/base/lib -path '*/edge/fleet/launcher.py' | head -n 1)" $base/launcher.py
    if ls "$data"/releases/*/.ready >/dev/null 2>&1; then return; fi
    if [ -d "$here/bundle" ]; then
        # Signatures are checked here, by what the terminal is to believe from the beginning.
        runuser -u wellheard -- $base/base/bin/wellheard edge install "$here/bundle" "$(asked release)" \
            --channel "$(asked channel)" --root "$here/identity/root.json" --folder /var/lib/wellheard
    else
        slot=$data/releases/first
        python3 -m venv --clear "$slot/venv"
        install_into "$slot/venv"
        chown -R wellheard:wellheard "$data/releases"
        sync --file-system "$slot"
        touch "$slot/.ready"
    fi
}

install_into() { # VENV
    if [ ! -d "$here/bundle" ]; then
        "$1/bin/pip" install --quiet 'wellheard[edge]'
        return
    fi
    wheels=/data/wheels
    rm -rf $wheels && mkdir $wheels
    for file in "$here/bundle/targets/$(asked channel)"/wheels/*.whl; do # served under their digests: DIGEST.NAME
        name=${file##*/}
        cp "$file" "$wheels/${name#*.}"
    done
    "$1/bin/pip" install --quiet --no-index --require-hashes --find-links $wheels \
        --requirement "$(lock_file)"
    rm -rf $wheels
}

lock_file() {
    for file in "$here/bundle/targets/$(asked channel)"/*.lock; do
        name=${file##*/}
        if [ "${name#*.}" = "$(asked release).lock" ]; then echo "$file"; fi
    done
}

asked() { # FIELD of what the bundle asks for
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$here/bundle/update.json" "$1"
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
