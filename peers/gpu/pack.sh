#!/usr/bin/env bash
# Packs what a bare machine with a card needs into one folder, for run.sh: a small JRE, the program without the CPU's native libraries, the
# kernels' tests, the comparison with PyTorch, MNIST and a folder or archive of colour images. In the project's root, after
# `mvn -DskipTests package`, with VERTIGAN_DATA the folder of mnist/ and cifar10-images.zip:
#   peers/gpu/pack.sh [FOLDER]      FOLDER: .gpu by default; have git ignore it. Then, on that machine: bash FOLDER/run.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dist=target/vertigan out=${1:-.gpu}
jdk=${JDK:-$(dirname "$(dirname "$(ls -d /usr/lib/jvm/*25*/bin/jlink | head -n 1)")")}
w=$(mktemp -d); trap 'rm -rf "$w"' EXIT
mkdir -p "$out" "$w/bin" "$w/lib"
[ -f "$out/jre.tar.xz" ] || "$jdk/bin/jlink" --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.security.sasl,java.sql,java.xml,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs \
    --strip-debug --no-man-pages --no-header-files --compress=zip-0 --output "$w/jre"
[ -f "$out/jre.tar.xz" ] || XZ_OPT=-2 tar -C "$w" -cJf "$out/jre.tar.xz" jre
cp "$dist/bin/vertigan" "$w/bin/"
for jar in "$dist"/lib/*.jar; do
    name=$(basename "$jar")
    case $name in # natives and what only they or the CPU's path need
        *-linux-x86_64* | mkl-* | openblas-* | dnnl-* | javacpp-* | nd4j-native* | nd4j-pre* | guava-1.0* | jackson-1.0* | protobuf-* | commons-collections4-* | commons-math3-* | commons-net-* | jna-* | oshi-* | flatbuffers-* | neoitertools-* | threetenbp-* | byteunits-*) continue ;;
    esac
    mkdir "$w/j" && (cd "$w/j" && unzip -q "$OLDPWD/$jar")
    if [[ $name == nd4j-api-* ]]; then # its element types alone
        find "$w/j" -type f ! -path '*/linalg/api/buffer/*' ! -path '*/linalg/api/shape/*' ! -path '*/linalg/api/ndarray/*' ! -name 'Nd4j.class' ! -name 'Nd4jBackend*.class' ! -path '*/META-INF/MANIFEST.MF' -delete
    fi
    (cd "$w/j" && "$jdk/bin/jar" -c -f "$w/lib/$name" -0 $([ -f META-INF/MANIFEST.MF ] && echo -m META-INF/MANIFEST.MF) .)
    rm -rf "$w/j"
done
mkdir -p "$w/tests" && cp -r target/test-classes/dev "$w/tests/"
mvn -q -B -ntp dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:6.1.3 -DoutputDirectory="$w/junit"
XZ_OPT=-2 tar -C "$w" -cJf "$out/vg.tar.xz" bin lib tests junit
rm -rf "$out/conf" && cp -r "$here"/{run.sh,bench_torch.py,summary.py,conf} "$out/"
mkdir -p "$out/data" && cp -r "$VERTIGAN_DATA/mnist" "$VERTIGAN_DATA/cifar10-images.zip" "$out/data/"
du -sh "$out"
