#!/usr/bin/env bash
# Builds noir.war and noir-bot.jar anew and leaves them with checksums, lists of their parts (CycloneDX) and the licences in target/release.
# Called by ./noir release. The same sources and packages give the same octets.
set -euo pipefail
cd "$(dirname "$0")/.."
TARGET=target/release
# Linked into the native library, as -dev packages have them; GCC's own parts are its package's.
LINKED=(libssl-dev libusrsctp-dev libipsec-mb-dev "libgcc-$("${CXX:-g++}" -dumpversion | cut -d. -f1)-dev")
PLUGIN=org.cyclonedx:cyclonedx-maven-plugin:2.9.3

distribution() { # debian-12
  (. /etc/os-release && echo "$ID-$VERSION_ID")
}

linked() {
  local package
  for package in "${LINKED[@]}"; do
    dpkg-query -W -f "\${source:Package}=\${source:Version}@$(distribution)\n" "$package"
  done
}

rm -rf "$TARGET" noir-war/target/noir
mkdir -p "$TARGET/licences"
mvn -B -ntp -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -pl noir-war,noir-bot -am -Dmaven.test.skip=true package \
  "$PLUGIN:makeBom" -DoutputFormat=json -DoutputName=bom -DincludeTestScope=false
mapfile -t parts < <(linked)
"$JAVA_HOME/bin/java" -cp "noir-war/target/noir/WEB-INF/lib/*" tools/Release.java \
  noir-war/target/noir noir-war/target/bom.json web/package-lock.json \
  noir-bot/target/noir-bot.jar noir-bot/target/bom.json "$TARGET" "${parts[@]}"
install -m 644 noir-war/target/noir.war noir-bot/target/noir-bot.jar "$TARGET/"
install -m 644 LICENSE "$TARGET/licences/noiR.txt"
cat web/node_modules/{ion-sdk-js,uuid}/LICENSE* >"$TARGET/licences/pages.txt"
(cd "$TARGET" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
echo "release: $TARGET has $(wc -l <"$TARGET/SHA256SUMS") files" >&2
