# $CATALINA_BASE/bin/setenv.sh: settings of noiR on Tomcat. Remove the # of what you need.

# First UDP port of media; one port per media loop from here on.
#CATALINA_OPTS="$CATALINA_OPTS -Dnoir.media.port=5000"

# The public address, behind 1:1 NAT.
#CATALINA_OPTS="$CATALINA_OPTS -Dnoir.media.announced-addresses=203.0.113.7"

# A Tomcat that runs nothing but noiR needs less memory and CPU with the options of config/jvm.options: copy that file to
# bin/noir-jvm.options. They come first, so that yours win.
#CATALINA_OPTS="@$CATALINA_BASE/bin/noir-jvm.options $CATALINA_OPTS"

# Java 24 and newer: noiR's native library is meant to be loaded.
#CATALINA_OPTS="$CATALINA_OPTS --enable-native-access=ALL-UNNAMED"
