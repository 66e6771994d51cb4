#!/bin/sh
# Installs Node-RED and its SQLite node into this folder, at the locked versions. sqlite3 is compiled from the source
# in its package against Node's own headers (Debian: apt install nodejs npm libnode-dev g++ make python3); that takes
# minutes, at low priority.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-fund --no-audit
npm_config_nodedir="${NODE_PREFIX:-/usr}" nice npm rebuild sqlite3 --build-from-source
