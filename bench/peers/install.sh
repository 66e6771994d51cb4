#!/bin/sh
# Installs Node-RED and its SQLite node into this folder, at the locked versions. The SQLite binding is compiled from
# the source in its package, against the headers of the Node that is installed, which takes a few minutes.
# Debian: apt install nodejs npm libnode-dev g++ make python3
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-fund --no-audit
cd node_modules/sqlite3
nice ../.bin/node-gyp rebuild --nodedir="$(dirname "$(dirname "$(command -v node)")")"
