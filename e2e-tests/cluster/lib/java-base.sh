# Sourced by cluster.sh: the base images of Petiole's own images, made without a registry from Debian packages and this machine's JDK.
#   petiole/java-base:25        glibc, CA certificates, time zones, a jlinked runtime; no shell; user petiole (10001)
#   runtime                     the same runtime as a directory, to train AOT caches with
#   petiole/java-base-debug:25  the same and a busybox shell, for tests that work inside a container

# A fixed list, since jdeps can't follow Spring's reflection. Each beyond the obvious:
#   java.desktop: java.beans, which Spring needs; jdk.crypto.ec: TLS; jdk.unsupported: netty; jdk.zipfs: nested jars;
#   java.instrument, jdk.jfr, jdk.management.agent, jdk.jcmd: to look into a running service; jdk.net: socket options; jdk.localedata is left out on purpose.
JAVA_MODULES=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,\
java.scripting,java.security.jgss,java.security.sasl,java.sql,java.transaction.xa,java.xml,java.xml.crypto,\
jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.nio.mapmode,\
jdk.unsupported,jdk.zipfs
JAVA_PACKAGES=base-files,base-passwd,ca-certificates,libc6,libgcc-s1,libstdc++6,tzdata,zlib1g

build_base_root() { # ROOT: Debian's files, less what nobody reads in a container
  SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --variant=extract --include="$JAVA_PACKAGES" "$DEBIAN" "$1.tar"
  mkdir "$1"
  tar -C "$1" --exclude='./dev/*' -xf "$1.tar"
  rm -rf "$1"/usr/share/{doc,man,locale,info,lintian,bug} "$1"/var/{lib/dpkg,lib/apt,cache,log}
  rm -f "$1"/usr/lib/x86_64-linux-gnu/gconv/*.so "$1"/bin/bash "$1"/bin/sh
  # The packages are only unpacked, so what their scripts would have made is made here.
  find "$1/usr/share/ca-certificates" -name '*.crt' | sort | xargs cat > "$1/etc/ssl/certs/ca-certificates.crt"
  cp "$1/usr/share/base-passwd/passwd.master" "$1/etc/passwd"
  cp "$1/usr/share/base-passwd/group.master" "$1/etc/group"
  echo 'petiole:x:10001:10001:Petiole:/app:/usr/sbin/nologin' >> "$1/etc/passwd"
  echo 'petiole:x:10001:' >> "$1/etc/group"
  echo 'Etc/UTC' > "$1/etc/timezone"
  mkdir -p "$1/var/cache" "$1/var/log" "$1/app"
  chmod 1777 "$1/tmp"
  ldconfig -r "$1"
  rm -rf "$1/var/cache/ldconfig"
}

build_java_runtime() { # ROOT JDK
  mkdir -p "$1/opt"
  "$2/bin/jlink" --add-modules "$JAVA_MODULES" --no-header-files --no-man-pages --compress zip-6 --output "$1/opt/java"
  # The archives remember the time of the modules file, and image layers carry the epoch.
  find "$1/opt/java" -exec touch -h -d @0 {} +
  # jlink's own --generate-cds-archive leaves out the archive for compact object headers.
  "$1/opt/java/bin/java" -Xshare:dump -XX:+UseSerialGC > /dev/null
  "$1/opt/java/bin/java" -Xshare:dump -XX:+UseSerialGC -XX:+UseCompactObjectHeaders > /dev/null
}

build_java_base() { # OUT SCRATCH
  local jdk config='{"Env":["PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin","JAVA_HOME=/opt/java","LANG=C.UTF-8"],"User":"10001:10001","WorkingDir":"/app"}'
  jdk=$(find_jdk) || die "no JDK 25 found: set JAVA_HOME"
  say "making the Java base images from Debian $DEBIAN and $jdk"
  build_base_root "$2/root"
  build_java_runtime "$2/jre" "$jdk"
  cp -a "$2/jre/opt/java" "$1/runtime"
  make_image petiole/java-base:25 "$1/java-base.tar" "$config" "$2/root" "$2/jre"
  mkdir -p "$2/unpacked" "$2/shell/bin"
  unpack_debian "$2/unpacked" busybox-static
  cp "$2/unpacked/bin/busybox" "$2/shell/bin/busybox"
  local applet
  for applet in $("$2/shell/bin/busybox" --list | grep -vx busybox); do
    [ -e "$2/root/bin/$applet" ] || [ -e "$2/root/usr/bin/$applet" ] || ln -s busybox "$2/shell/bin/$applet"
  done
  make_image petiole/java-base-debug:25 "$1/java-base-debug.tar" "$config" "$2/root" "$2/jre" "$2/shell"
}

java_base() {
  local jdk
  jdk=$(find_jdk) || die "no JDK 25 found: set JAVA_HOME"
  cached "java-base-25-$(hash_of "$JAVA_MODULES$JAVA_PACKAGES$DEBIAN$(declare -f build_base_root build_java_runtime build_java_base make_image)" "$jdk/release")" build_java_base
}
