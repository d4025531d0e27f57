# $CATALINA_BASE/bin/setenv.sh: the JVM and noiR's settings on Tomcat. Change what does not fit.

# First UDP port of media; one port per media loop from here on, as many loops as processors.
CATALINA_OPTS="$CATALINA_OPTS -Dnoir.media.port=5000"

# The public address, behind 1:1 NAT.
#CATALINA_OPTS="$CATALINA_OPTS -Dnoir.media.announced-addresses=203.0.113.7"

# noiR's native library is meant to be loaded: Java 24 and newer warn without it, Java 17 takes it and does nothing.
CATALINA_OPTS="$CATALINA_OPTS --enable-native-access=ALL-UNNAMED"

# The heap is for signalling only, 30 KB for each peer; media has its memory outside of it, about as much again.
CATALINA_OPTS="$CATALINA_OPTS -Xmx512m"

# A Tomcat that runs nothing but noiR needs less memory and CPU with the options of config/jvm.options: copy that file to
# bin/noir-jvm.options. They come first, so that yours win.
#CATALINA_OPTS="@$CATALINA_BASE/bin/noir-jvm.options $CATALINA_OPTS"
