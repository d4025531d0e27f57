#!/usr/bin/env bash
# Makes a container image of the WAR built last, without a container engine: an OCI archive of two layers, a few of the
# distribution's packages with a Java made for noiR, and noiR. The same packages and the same WAR give the same octets.
# Called by ./noir image. docs/packaging.md says how to run it, docs/adr/0033 why it is as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
WAR=$PWD/noir-war/target/noir.war
WORK=$PWD/target/image
OUTPUT=${1:-$PWD/target/noir-image.tar}
# Nobody in particular: a number that no distribution gives to anybody.
OWNER=65532
# All of Java's standard modules, for libraries come and go, and what is asked for by name: elliptic curves for TLS, Unsafe, JFR, jcmd, JMX, load.
MODULES=java.se,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.unsupported,jdk.zipfs
VERSION=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -1)
# As the archives that Maven makes.
EPOCH=${SOURCE_DATE_EPOCH:-$(date -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' pom.xml)" +%s)}

die() {
  echo "image: $*" >&2
  exit 1
}

# What Java and the JVM load. The image has no shell: nothing in it but noiR is to be run.
download_packages() {
  mkdir -p "$WORK/debs"
  cd "$WORK/debs"
  rm -f ./*.deb
  local names=(base-files libc6 libgcc-s1 libstdc++6 zlib1g) apt=(apt-get -qq -o APT::Sandbox::User=root)
  # A machine that has never asked for the lists, or lists of packages that are gone by now.
  "${apt[@]}" download "${names[@]}" 2>/dev/null || {
    "${apt[@]}" update || [ "$(id -u)" -ne 0 ]
    "${apt[@]}" download "${names[@]}"
  }
  # Whose licence the two of GCC point to.
  "${apt[@]}" download "$(dpkg-deb -f libgcc-s1_*.deb Depends | grep -o 'gcc-[0-9]*-base')"
}

# The merged /usr, before packages that still say /lib.
make_directories() { # root
  mkdir -p "$1"/{dev,etc,opt,proc,sys,tmp,var/lib/dpkg} "$1"/usr/{bin,lib,lib64,sbin}
  local name
  for name in bin lib lib64 sbin; do ln -s "usr/$name" "$1/$name"; done
}

unpack_packages() { # root
  local deb
  for deb in "$WORK"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -p -C "$1" --keep-directory-symlink --no-same-owner --wildcards \
      --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/lintian' --exclude='./usr/share/gdb' \
      --exclude='./usr/share/info' --exclude='*/gconv' --exclude='*/changelog*' --exclude='*/README*' --exclude='*/NEWS*'
    # So that scanners know what is here, and of which version.
    { dpkg-deb -f "$deb" | sed '/^Package:/a Status: install ok installed' && echo; } >>"$1/var/lib/dpkg/status"
  done
}

# Java's own licences are in it, in legal/; the package's entry is for scanners again.
make_java() { # root
  "$JAVA_HOME/bin/jlink" --add-modules "$MODULES" --no-header-files --no-man-pages --output "$1/opt/java"
  local package
  package=$(dpkg-query -S "$(readlink -f "$JAVA_HOME/bin/java")" 2>/dev/null | cut -d: -f1) || return 0
  { dpkg-query -s "$package" | grep -v '^Conffiles:\|^ /etc/' && echo; } >>"$1/var/lib/dpkg/status"
  mkdir -p "$1/usr/share/doc/$package"
  cp -L "/usr/share/doc/$package/copyright" "$1/usr/share/doc/$package/"
}

write_accounts() { # root
  cat >"$1/etc/passwd" <<PASSWD
root:x:0:0:root:/:/sbin/nologin
noir:x:$OWNER:$OWNER:noiR:/tmp:/sbin/nologin
PASSWD
  cat >"$1/etc/group" <<GROUP
root:x:0:
noir:x:$OWNER:
GROUP
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
}

# All in a folder: sorted, of root, with one time for all files.
archive() { # root
  (cd "$1" && tar -c --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$EPOCH" --format=ustar -- *)
}

# Puts a layer's or a document's octets where their digest says. Prints that.
blob() { # file
  local digest
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  mv "$1" "$OCI/blobs/sha256/$digest"
  echo "$digest"
}

descriptor() { # media type, digest
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$1" "$2" "$(stat -c %s "$OCI/blobs/sha256/$2")"
}

# Adds a folder as a layer: to LAYERS what is stored, to DIFFS what it is unpacked.
add_layer() { # root
  archive "$1" >"$WORK/layer.tar"
  DIFFS+=("\"sha256:$(sha256sum "$WORK/layer.tar" | cut -d' ' -f1)\"")
  gzip -n -9 -f "$WORK/layer.tar"
  LAYERS+=("$(blob "$WORK/layer.tar.gz")")
}

# Each text behind a comma, but the first.
join() {
  local IFS=,
  echo "$*"
}

image_configuration() {
  cat <<JSON
{"architecture":"amd64","os":"linux","created":"$(date -u -d "@$EPOCH" +%Y-%m-%dT%H:%M:%SZ)",
"config":{"User":"$OWNER:$OWNER","WorkingDir":"/tmp","StopSignal":"SIGTERM",
"Env":["PATH=/opt/java/bin","LANG=C.UTF-8"],
"Entrypoint":["/opt/java/bin/java","@/opt/noir/jvm.options","-jar","/opt/noir/noir.war"],
"ExposedPorts":{"5000/tcp":{},"5000/udp":{},"7000/tcp":{},"7001/tcp":{},"7070/tcp":{},"50051/tcp":{}},
"Volumes":{"/tmp":{}},
"Labels":{"org.opencontainers.image.title":"noiR","org.opencontainers.image.version":"$VERSION","org.opencontainers.image.licenses":"MIT"}},
"rootfs":{"type":"layers","diff_ids":[$(join "${DIFFS[@]}")]},
"history":[{"comment":"packages and Java"},{"comment":"noiR"}]}
JSON
}

write_documents() {
  local oci=application/vnd.oci.image configuration manifest layer layers=() names=()
  image_configuration >"$WORK/document"
  configuration=$(blob "$WORK/document")
  for layer in "${LAYERS[@]}"; do
    layers+=("$(descriptor $oci.layer.v1.tar+gzip "$layer")")
    names+=("\"blobs/sha256/$layer\"")
  done
  printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' $oci.manifest.v1+json \
    "$(descriptor $oci.config.v1+json "$configuration")" "$(join "${layers[@]}")" >"$WORK/document"
  manifest=$(descriptor $oci.manifest.v1+json "$(blob "$WORK/document")")
  printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s,"annotations":{"org.opencontainers.image.ref.name":"%s"}}]}' \
    $oci.index.v1+json "${manifest%\}}" "$VERSION" >"$OCI/index.json"
  echo -n '{"imageLayoutVersion":"1.0.0"}' >"$OCI/oci-layout"
  # For "docker load" of versions that know nothing of OCI.
  printf '[{"Config":"blobs/sha256/%s","RepoTags":["noir:%s"],"Layers":[%s]}]' "$configuration" "$VERSION" "$(join "${names[@]}")" \
    >"$OCI/manifest.json"
}

[ -f "$WAR" ] || die "there is no $WAR"
[ -x "${JAVA_HOME:-}/bin/jlink" ] || die "JAVA_HOME is not a JDK: '${JAVA_HOME:-}'"
umask 022
chmod -R u+w "$WORK"/{base,noir,oci} 2>/dev/null || true
rm -rf "$WORK"/{base,noir,oci}
OCI=$WORK/oci
LAYERS=()
DIFFS=()
mkdir -p "$OCI/blobs/sha256" "$WORK/noir/opt/noir"

(download_packages)
make_directories "$WORK/base"
unpack_packages "$WORK/base"
make_java "$WORK/base"
write_accounts "$WORK/base"
chmod 1777 "$WORK/base/tmp"
install -m 644 "$WAR" config/jvm.options LICENSE "$WORK/noir/opt/noir/"
add_layer "$WORK/base"
add_layer "$WORK/noir"
write_documents
mkdir -p "$(dirname "$OUTPUT")"
archive "$OCI" >"$OUTPUT"
echo "image: $OUTPUT, $(($(stat -c %s "$OUTPUT") / 1000000)) MB, unpacked $(du -sm --apparent-size -c "$WORK"/{base,noir} | tail -1 | cut -f1) MB" >&2
