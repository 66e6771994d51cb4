#!/bin/sh
# A simulated GPIO chip in the place of a Pi 4's, and the board revision that gpiozero asks for.
set -e
modprobe gpio-sim
chip=/sys/kernel/config/gpio-sim/panel
mkdir -p $chip/bank0
echo 54 >$chip/bank0/num_lines
echo pinctrl-bcm2711 >$chip/bank0/label
echo 1 >$chip/live
(cat /proc/cpuinfo; printf '\nHardware\t: BCM2711\nRevision\t: a03111\n') >/tmp/cpuinfo
mount --bind /tmp/cpuinfo /proc/cpuinfo
ln -sfn "/sys/devices/platform/$(cat $chip/dev_name)/$(cat $chip/bank0/chip_name)" /tmp/chip
