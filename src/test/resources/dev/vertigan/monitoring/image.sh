#!/usr/bin/env bash
# Builds the Dockerfile without a container engine and without a registry, and exercises what an engine would do with the image.
# Needs root, buildah, debootstrap and unshare, and the network. The base images that the Dockerfile asks for are
# stood in for by Debian from its packages, with the JDK and Maven of this machine.
#
#     image.sh REPOSITORY FOLDER JDK
set -euo pipefail
repository=$1 folder=$2 jdk=$3
export BUILDAH_ISOLATION=chroot
image=localhost/vertigan-test
base=$(sed -n 's/^ARG BASE=//p' "$repository/Dockerfile")
maven=$(sed -n 's/^ARG MAVEN=//p' "$repository/Dockerfile")
buildah() { command buildah --root "$folder/storage" --runroot "$folder/storage-run" "$@"; }

# Whoever deletes the folder must not find mounts in it.
clean() {
    buildah umount --all >/dev/null || true
    buildah rm --all >/dev/null || true
    rm -rf --one-file-system "$folder/storage" "$folder/storage-run" "$folder/debian"
}
trap clean EXIT

echo "== $base from Debian's packages"
debootstrap --variant=minbase bookworm "$folder/debian" >"$folder/debootstrap.log"
container=$(buildah from scratch)
cp -a "$folder/debian/." "$(buildah mount "$container")/"
buildah commit -q "$container" "$base"

echo "== $maven from this machine's"
root=$(buildah mount "$container")
mkdir -p "$root$jdk" "$root/usr/share" "$root/etc/ssl/certs"
cp -aL "$jdk/." "$root$jdk/"
cp -aL /usr/share/maven "$root/usr/share/"
cp -aL /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
ln -s /usr/share/maven/bin/mvn "$root/usr/bin/mvn"
buildah config --env "JAVA_HOME=$jdk" --env "PATH=$jdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$container"
buildah commit -q "$container" "$maven"

echo "== the image"
buildah bud -q --isolation chroot --pull-never -v "$HOME/.m2:/root/.m2" -t "$image" "$repository"
buildah inspect --type image --format '{{.OCIv1.Config.User}} {{.OCIv1.Config.StopSignal}} {{.OCIv1.Config.Entrypoint}}' "$image"
container=$(buildah from --pull-never "$image")
root=$(buildah mount "$container")
du -sm "$root" | sed 's/\t.*/ MiB/'

# As the engine would: a root that is never written, /tmp without programs, a process tree of its own, no rights.
cat >"$folder/inside.sh" <<'INSIDE'
set -euo pipefail
root=$1 runs=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$runs" "$root/runs"
mount -t tmpfs -o noexec,nosuid,nodev tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
exec chroot --userspec=10001:10001 "$root" env -i "$@"
INSIDE
install -d -o 10001 -g 10001 "$folder/runs"
mapfile -t variables < <(buildah inspect --type image --format '{{range .OCIv1.Config.Env}}{{.}}{{"\n"}}{{end}}' "$image" | sed '/^$/d')
port=19464

serve() { # log
    unshare --mount --pid --fork --kill-child=SIGKILL bash "$folder/inside.sh" "$root" "$folder/runs" "${variables[@]}" VERTIGAN_DASHBOARD_TOKEN=token \
        vertigan train --preset ring --run-dir /runs/ring --or-resume --set dashboard.host=0.0.0.0 --set dashboard.port=0 \
        --set metrics.host=0.0.0.0 --set metrics.port=$port --set log.format=json --set checkpoint.every=100000 >"$1" 2>&1 &
    fork=$!
}

healthy() { # as the image's HEALTHCHECK does
    bash -c "exec 3<>/dev/tcp/127.0.0.1/$port && printf 'GET /health/live HTTP/1.0\r\n\r\n' >&3 && head -n 1 <&3 | grep -q ' 200 '" 2>/dev/null
}

turns() {
    bash -c "exec 3<>/dev/tcp/127.0.0.1/$port && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3 && cat <&3" 2>/dev/null | sed -n 's/^vertigan_turns_total{.*} \([0-9]*\).*/\1/p'
}

stop() { # SIGTERM to process 1 of the image
    pkill -TERM -P "$fork"
    wait "$fork" && code=0 || code=$?
    echo "ended with $code"
}

for round in first second; do
    echo "== the $round start"
    serve "$folder/$round.log"
    until healthy && [ "$(turns || echo 0)" -gt 100 ]; do
        kill -0 "$fork" || { cat "$folder/$round.log"; exit 1; }
        sleep 1
    done
    stop
    grep -o '"formattedMessage":"\(saved step\|resume\)[^"]*' "$folder/$round.log"
done
