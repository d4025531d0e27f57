#!/usr/bin/env bash
# Bundles each page's script, the SDK with it, into one file of web/dist, which Maven packs in place of the modules it was made
# of: a page is then one request for its script, not a dozen. Needs esbuild and nothing else: docs/adr/0031.
set -euo pipefail
cd "$(dirname "$0")/.."
PAGES=(start gallery echo pubsub console)

rm -rf web/dist
out=$PWD/web/dist/js
cd src/main/webapp/js
# The SDK and uuid are MIT: their notices travel with the bundle.
esbuild "${PAGES[@]/%/.js}" --bundle --outdir="$out" --format=esm --platform=browser --target=chrome109,firefox115,safari16 \
  --minify --sourcemap --legal-comments=eof --log-level=warning
