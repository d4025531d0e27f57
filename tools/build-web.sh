#!/usr/bin/env bash
# Bundles the pages' scripts into web/dist: npm ci only when the lock file has changed, then npm run build.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p web/dist
cd web
[ -f package.json ] || exit 0
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
npm run build --silent
