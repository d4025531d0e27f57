# shellcheck shell=bash
# Which tests have the attacker's side in them: those that the table of docs/security.md names, and these. test.sh sources this.

attacks_native=(
  DtlsSecurityTest HostilePeer SctpLock QuietChannel HostilePublisherTest LimitsTest TcpAttackTest TcpTableTest TcpPathTest
  FramesTest FrameBacklogTest
)
attacks_java=(
  DamagedFramesTest MutationTest MessageBudgetTest ClientLinkTest HostileSocketTest ConnectionGuardTest MediaConnectionTest
  PagesPortTest WireIdsTest JsonRpcCodecTest OriginPolicyTest QuotasTest ChannelsTest EnvelopeCodecTest SecuredRedisTest
  ServerTest 'LauncherTest#health*'
)

named_in_the_table() {
  sed -n '/^## Attacks$/,/^## /p' docs/security.md | awk -F'|' '/^\|/ { print $(NF - 1) }' | grep -oE '`[A-Z][A-Za-z0-9]+' | tr -d '`' | sort -u
}

# Adds those of the table to the two lists; a name that no test has fails.
read_attacks() {
  local name lost=0
  while read -r name; do
    if [[ " ${attacks_native[*]} ${attacks_java[*]} " =~ \ $name[\ \#] ]]; then
      continue
    elif grep -rqE "^TEST(_F|_P)?\($name," noir-media-jni/src/test/cpp; then
      attacks_native+=("$name")
    elif [ -n "$(find noir-war/src/test noir-it/src/test -name "$name.java")" ]; then
      attacks_java+=("$name")
    else
      echo "docs/security.md names a test that is not there: $name" >&2
      lost=1
    fi
  done < <(named_in_the_table)
  return $lost
}
