#!/bin/bash
# Build the virtual terminal: a stock Debian kernel with gpio-sim, a small initramfs and an ext4 disk.
#
# Everything comes from the Debian mirror this machine's apt already uses, and from the Python
# environment the tests run in (its packages are copied onto the disk). Each stage is skipped when its
# product is there, so a second call is quick; delete the folder to start anew.
#
# usage: build.sh WORK_FOLDER SITE_PACKAGES
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/deb"
work=$(realpath "$1")
site=$(realpath "$2")
suite=bookworm # its Python is 3.11: the environment's compiled packages must match it
packages=udev,kmod,mount,python3,iproute2,procps,libudev1
root_tar=root-$suite-$(echo "$packages" | cksum | cut -d' ' -f1).tar
cd "$work"

require() {
    local missing=()
    for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    [ ${#missing[@]} -eq 0 ] && return
    echo "The virtual terminal needs: ${missing[*]}" >&2
    echo "Install: apt-get install qemu-system-x86 qemu-utils mmdebstrap cpio kmod e2fsprogs busybox-static xz-utils gcc-12 make" >&2
    exit 2
}

fetch() { ls "deb/$1"_*.deb >/dev/null 2>&1 || (cd deb && apt-get -qq -o APT::Sandbox::User=root download "$1"); }

# The newest kernel of the suite; gpio-sim must match it exactly, hence derived and never pinned.
find_kernel() {
    apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: linux-image-\([^ ]*\).*/\1/p' | head -1
}

unpack_kernel() {
    fetch "linux-image-$kver"
    [ -d "kernel-$kver" ] && return
    dpkg-deb -x deb/linux-image-"$kver"_*.deb kernel.part
    depmod -b kernel.part "$kver"
    mv kernel.part "kernel-$kver"
}

# Debian leaves gpio-sim out, so it is built against Debian's headers. irq_sim, which it needs, is a
# hidden symbol there and is linked into the same module; irq_to_desc is not exported to modules.
build_gpio_sim() {
    [ -f "gpio-sim-$kver.ko" ] && return
    local version=${kver%.*} headers="linux-headers-$kver" shared="linux-headers-${kver%-*}-common"
    local kbuild="linux-kbuild-$version" tree="$work/headers" source="linux-source-$version"
    for package in "$headers" "$shared" "$kbuild" linux-compiler-gcc-12-x86 "$source"; do fetch "$package"; done
    rm -rf "$tree" module && mkdir -p "$tree" module
    for package in "$headers" "$shared" "$kbuild" linux-compiler-gcc-12-x86; do
        dpkg-deb -x deb/"$package"_*.deb "$tree"
    done
    dpkg-deb --fsys-tarfile deb/"$source"_*.deb | tar -xO "./usr/src/$source.tar.xz" >source.tar.xz
    tar -xf source.tar.xz -C module --strip-components=3 \
        "$source/drivers/gpio/gpio-sim.c" "$source/drivers/gpio/gpiolib.h" "$source/kernel/irq/irq_sim.c"
    rm source.tar.xz
    mv module/gpio-sim.c module/main.c
    sed -i '/^EXPORT_SYMBOL/d; /^MODULE_/d; s/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' module/irq_sim.c
    printf 'obj-m := gpio-sim.o\ngpio-sim-y := main.o irq_sim.o\nccflags-y += -DCONFIG_IRQ_SIM=1 -I$(src)\n' >module/Kbuild
    # The header packages name each other by absolute path: point those into the unpacked tree.
    sed -i "s#/usr/src/linux-headers#$tree/usr/src/linux-headers#g" "$tree/usr/src/$headers/Makefile"
    for folder in "$headers" "$shared"; do
        ln -sfn "$tree/usr/lib/$kbuild/scripts" "$tree/usr/src/$folder/scripts"
        ln -sfn "$tree/usr/lib/$kbuild/tools" "$tree/usr/src/$folder/tools"
    done
    make -s -C "$tree/usr/src/$headers" M="$work/module" CC=gcc-12 modules
    cp module/gpio-sim.ko "gpio-sim-$kver.ko"
}

build_root() {
    [ -f "$root_tar" ] && return
    local mirror
    mirror=$(apt-cache policy | awk '/http/ && $2 !~ /security/ {print $2; exit}')
    mmdebstrap --mode=root --variant=apt --components=main \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Check-Date "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include="$packages" \
        "$suite" root.part.tar "$mirror" >mmdebstrap.log 2>&1 || { tail -5 mmdebstrap.log >&2; exit 1; }
    mv root.part.tar "$root_tar"
}

modules_of() { # the files of the named modules and of all they depend on
    for module in "$@"; do
        modprobe -d "$work/kernel-$kver" -S "$kver" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
    done | awk '!seen[$0]++'
}

build_disk() {
    local root=$work/root lib=lib/modules/$kver
    rm -rf "$root" && mkdir "$root"
    tar -C "$root" --numeric-owner -xf "$root_tar"
    mkdir -p "$root/usr/$lib/updates" "$root/opt/site"
    modules_of evdev uhid uinput hid_generic usbhid xhci_pci ftdi_sio cdc_acm virtio_console virtio_rng configfs vivid |
        while read -r file; do install -D -m 644 "$file" "$root/usr/$lib/${file##*/"$kver"/}"; done
    modules_of virtio_pci virtio_blk ext4 |
        while read -r file; do install -D -m 644 "$file" "$root/usr/$lib/${file##*/"$kver"/}"; done
    cp "kernel-$kver/$lib"/modules.{builtin,builtin.modinfo,order} "$root/usr/$lib/"
    cp "gpio-sim-$kver.ko" "$root/usr/$lib/updates/gpio-sim.ko"
    depmod -b "$root" "$kver"
    for package in evdev gpiozero pyudev serial lgpio lgpio.py _lgpio lgpio.libs hid hidraw hidapi.libs colorzero \
        pydantic pydantic_core pydantic_settings annotated_types typing_extensions.py typing_inspection tomli_w \
        pytest _pytest pluggy iniconfig packaging pygments py.py pytest_timeout.py hypothesis \
        _hypothesis_globals.py _hypothesis_pytestplugin.py sortedcontainers dotenv structlog attr attrs \
        numpy numpy.libs cv2 opencv_python_headless.libs; do
        cp -a "$site/$package" "$root/opt/site/" 2>/dev/null || cp -a "$site/$package".*.so "$root/opt/site/" 2>/dev/null || true
    done
    cp -a "$site"/{gpiozero,pytest_timeout,pytest,hypothesis}-*.dist-info "$root/opt/site/" # entry points
    echo '/dev/vda / ext4 rw,noatime 0 0' >"$root/etc/fstab"
    install -m 755 "$here/guest/init" "$root/usr/local/sbin/rig-init"
    install -m 644 "$here/guest/commands.py" "$root/usr/local/lib/rig-commands.py"
    rm -f disk.part && truncate -s $(($(du -sm "$root" | cut -f1) + 400))M disk.part
    mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 -d "$root" disk.part
    rm -rf "$root"
    mv disk.part disk.ext4
}

build_initramfs() {
    local tree=$work/initramfs
    rm -rf "$tree" && mkdir -p "$tree"/{bin,dev,proc,sys,disk,modules}
    cp /bin/busybox "$tree/bin/"
    modules_of virtio_pci virtio_blk ext4 | while read -r file; do
        cp "$file" "$tree/modules/" && basename "$file" >>"$tree/modules/order"
    done
    install -m 755 "$here/guest/initramfs-init" "$tree/init"
    (cd "$tree" && find . -print0 | cpio --null -o -H newc --quiet | gzip -1) >initrd.gz
}

require qemu-system-x86_64 qemu-img mmdebstrap cpio modprobe mke2fs busybox xz gcc-12 make
kver=$(find_kernel)
unpack_kernel
build_gpio_sim
build_root
build_disk
build_initramfs
cp "kernel-$kver/boot/vmlinuz-$kver" vmlinuz
