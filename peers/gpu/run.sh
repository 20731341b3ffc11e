#!/usr/bin/env bash
# VertiGAN's CUDA path against PyTorch on one card. Made ready by pack.sh: bash .gpu/run.sh
# Ends within $LIMIT seconds (395; under 240 the benches have no time; GAMES="ring-128.float32" limits them, TORCH_ARGS="--only ring-128" PyTorch's games); each part has its own time. What it writes: $OUT/log.txt, vertigan.json, torch.json, smi.txt, ncu-*.csv
set -u
LIMIT=${LIMIT:-395} BLOCKS=${BLOCKS:-7} MILLIS=${MILLIS:-300} STEPS=${STEPS:-2000} PY=${PY:-python3} NCU_RESERVE=${NCU_RESERVE:-60}
OUT=${OUT:-vg-out}
here=$(cd "$(dirname "$0")" && pwd)
data=$here/data
W=${W:-$(mktemp -d)}
mkdir -p "$OUT" "$W/res"
export PYTHONUNBUFFERED=1
exec > >(tee -a "$OUT/log.txt") 2>&1

left() { echo $((LIMIT - SECONDS)); }
# part NAME SECONDS COMMAND…: at most so long, and no longer than is left
part() {
    local name=$1 most=$2; shift 2
    local l; l=$(left); [ "$l" -lt "$most" ] && most=$l
    echo; echo "=== $name (at ${SECONDS} s, at most $most s)"
    if [ "$most" -lt 5 ]; then echo "left out: no time"; return 1; fi
    timeout -k 3 "$most" "$@"; local rc=$?
    [ $rc -ne 0 ] && echo "!!! $name: exit status $rc"
    return $rc
}

echo "=== machine"; date -u; uname -r; nproc
nvidia-smi || echo "no nvidia-smi"
nvidia-smi --query-gpu=name,driver_version,clocks.sm,clocks.max.sm,clocks.mem,power.limit,pcie.link.gen.current,pcie.link.width.current --format=csv
echo "=== unpacking"
for t in jre vg; do
    tar -xJf "$here/$t.tar.xz" -C "$W" 2>/dev/null || $PY -c "import tarfile,sys; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" "$here/$t.tar.xz" "$W" & pids="${pids:-} $!"
done
wait $pids
export JAVA_HOME=$W/jre
V=$W/bin/vertigan
"$JAVA_HOME/bin/java" -Xshare:dump >/dev/null 2>&1 # the JVM's own classes laid out: a start of 0.3 s less
"$JAVA_HOME/bin/java" -version 2>&1 | head -n 2

# NVRTC and cuBLAS: the system's, else those that came with PyTorch
for l in libcuda.so.1 libnvrtc.so.13 libcublas.so.13; do
    ldconfig -p | grep -m1 "$l" || ls /usr/local/cuda/lib64/$l 2>/dev/null || echo "$l: not where the loader looks"
done
lib=
if ! { ldconfig -p; ls /usr/local/cuda/lib64; } 2>/dev/null | grep -q libcublas.so.13 || ! { ldconfig -p; ls /usr/local/cuda/lib64; } 2>/dev/null | grep -q libnvrtc.so.13; then
    for p in $($PY -c "import site; print(*site.getsitepackages())"); do
        [ -e "$p/nvidia/cu13/lib/libcublas.so.13" ] && lib=$p/nvidia/cu13/lib
    done
fi
if ! ldconfig -p | grep -q libcuda.so.1; then lib=$lib${lib:+:}/usr/local/nvidia/lib64; fi
[ -n "$lib" ] && { echo "with LD_LIBRARY_PATH …:$lib"; export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}${LD_LIBRARY_PATH:+:}$lib; }

# PARTS: which of tests, bench, train, torch, ncu, sanitizer are wanted
wants() { [[ " ${PARTS:-tests bench train torch ncu} " == *" $1 "* ]]; }
J="$JAVA_HOME/bin/java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
if wants tests; then
    part "the kernels against the reference" 90 $J -jar "$W"/junit/junit-platform-console-standalone-*.jar execute --disable-banner --details=none \
        --class-path "$W/tests:$(echo "$W"/lib/*.jar | tr ' ' :)" --select-class 'dev.vertigan.tensor.cuda.CudaKernelsTest$OnACard' >"$W/tests.txt" 2>&1
    head -c 6000 "$W/tests.txt"
fi

T="train --preset mnist-dcgan --steps $STEPS --no-dashboard --data-dir $data/mnist --set compute.kernels=cuda"
sha() { grep -a -o 'sha256 [0-9a-f]*' "$1" | tail -n 1; }
if wants train; then
rm -rf "$W/a" "$W/b" "$W/c"
s=$(date +%s.%N)
part "VertiGAN train, first" 45 "$V" $T --run-dir "$W/a" | tee "$W/res/a.log" | tail -n 6
echo "took $(awk "BEGIN{print $(date +%s.%N)-$s}") s from start to end"
nvidia-smi --query-gpu=timestamp,utilization.gpu,utilization.memory,clocks.sm,power.draw,memory.used --format=csv,noheader -lms 250 >"$OUT/smi.txt" 2>&1 & smi=$!
part "VertiGAN train, second, watched by nvidia-smi" 45 "$V" $T --run-dir "$W/b" | tee "$W/res/b.log" | tail -n 4
kill $smi; wait $smi 2>/dev/null
echo "utilisation while it trained (every 250 ms):"; cut -d, -f2,4,5 "$OUT/smi.txt" | tail -n 24 | tr '\n' ';'; echo
part "VertiGAN train in TF32" 45 "$V" $T --set compute.precision=tf32 --run-dir "$W/t1" >"$W/res/t1.log" 2>&1
part "VertiGAN train in TF32, again" 45 "$V" $T --set compute.precision=tf32 --run-dir "$W/t2" >"$W/res/t2.log" 2>&1
echo; echo "=== VertiGAN train, killed after its second checkpoint and resumed (at $SECONDS s)"
"$V" $T --set checkpoint.every=200 --run-dir "$W/c" >"$W/res/c1.log" 2>&1 & p=$!
for _ in $(seq 300); do
    [ "$(ls "$W/c/checkpoints" 2>/dev/null | grep -c 'step-0*[1-9][0-9]*\.safetensors$')" -ge 2 ] && break
    kill -0 $p 2>/dev/null || break
    sleep 0.1
done
sleep 0.1; kill -9 $p 2>/dev/null && echo "killed -9; it has $(ls "$W/c/checkpoints" | tr '\n' ' ')"; wait $p 2>/dev/null
part "resume" 45 "$V" resume "$W/c" --no-dashboard >"$W/res/c2.log" 2>&1; tail -n 4 "$W/res/c2.log"
echo "TF32: first $(sha "$W/res/t1.log") | second $(sha "$W/res/t2.log")"
echo "hashes: first $(sha "$W/res/a.log") | second $(sha "$W/res/b.log") | killed and resumed $(sha "$W/res/c2.log")"
fi

# One turn and a few more, each access to memory watched
sanitize() { # TOOL NAME OPTIONS…
    local tool=$1 name=$2; shift 2
    part "compute-sanitizer $tool, $name" 45 compute-sanitizer --tool "$tool" --target-processes all "$V" train --set compute.kernels=cuda --steps 4 \
        --no-dashboard --set samples.every=100000 --set checkpoint.every=100000 --run-dir "$W/s-$tool-$name" "$@" 2>&1 | grep -E "=====|hash|sha256|Error" | tail -n 8
}
if wants sanitizer; then
    sanitize memcheck ring --preset ring-2014
    sanitize racecheck ring --preset ring-2014
    sanitize memcheck dcgan-32 --preset mnist-dcgan --data-dir "$data/mnist"
    sanitize racecheck dcgan-32 --preset mnist-dcgan --data-dir "$data/mnist"
fi

G64="dense 8192, reshape 4x4x512, batch-norm relu, deconv 256 4x4 stride 2, batch-norm relu, deconv 128 4x4 stride 2, batch-norm relu, deconv 64 4x4 stride 2, batch-norm relu, output deconv 4x4 stride 2 tanh"
D64="conv 64 4x4 stride 2 leaky-relu, conv 128 4x4 stride 2, batch-norm leaky-relu, conv 256 4x4 stride 2, batch-norm leaky-relu, conv 512 4x4 stride 2, batch-norm leaky-relu, output"
B="--schedule alternating --starts 0 --blocks $BLOCKS --block-millis $MILLIS --set compute.kernels=cuda"
# GAMES: which, as in "ring-128.float32 dcgan-64.tf32"
bench() { # NAME OPTIONS…
    local name=$1 precision; shift
    for precision in float32 tf32; do
        [[ " ${GAMES:-$name.$precision} " == *" $name.$precision "* ]] || continue
        local most=$(($(left) - ${RESERVE:-165})); [ $most -gt 60 ] && most=60 # what comes after needs its time
        part "VertiGAN bench $name $precision" $most "$V" bench $B --set compute.precision=$precision --json "$W/res/$name.$precision.json" "$@"
    done
}
if wants bench; then
    bench ring-128 --workload ring-128
    bench mlp-1200 --workload mlp-1200
    bench dcgan-64 --workload dcgan-32 --batch 128 --set data.extent=64 --set data.channels=3 --set "generator.layers=$G64" --set "discriminator.layers=$D64"
    bench dcgan-32 --workload dcgan-32
    bench mlp-256 --workload mlp-256
fi

wants ncu || NCU_RESERVE=0
budget=$(($(left) - NCU_RESERVE - 5))
wants torch && part "PyTorch" $((budget + 5)) $PY "$here/bench_torch.py" --budget $((budget - 8)) --json "$OUT/torch.json" ${TORCH_ARGS:-}

ncu=$(command -v ncu || ls -d /opt/nvidia/nsight-compute/*/ncu 2>/dev/null | tail -n 1)
profile() { # NAME SKIP COUNT OPTIONS…
    local name=$1 skip=$2 count=$3; shift 3
    [[ " ${NCU_ONLY:-$name} " == *" $name "* ]] || return 0
    rm -rf "$W/n"
    echo; echo "=== kernels of a turn of $name (at $SECONDS s)"
    part "kernels of a turn of $name, by ncu" 25 "$ncu" --clock-control none --target-processes all --metrics gpu__time_duration.sum --launch-skip "$skip" \
        --launch-count "$count" --csv --page raw --log-file "$OUT/ncu-$name-$precision.csv" "$V" train --preset digits --config "$here/conf/$name.json" --steps 12 \
        --no-dashboard --set compute.kernels=cuda --set samples.every=100000 --set checkpoint.every=100000 --run-dir "$W/n" "$@" | tail -n 2
    $PY "$here/summary.py" ncu "$OUT/ncu-$name-$precision.csv"
}
if wants ncu && [ -n "$ncu" ]; then
    for precision in ${NCU_PRECISIONS:-float32 tf32}; do
        profile dcgan-64 900 900 --set "data.dir=$data/cifar10-images.zip" --set compute.precision=$precision
        profile mlp-1200 200 300 --set compute.precision=$precision
        profile dcgan-32 700 700 --set "data.dir=$data/cifar10-images.zip" --set compute.precision=$precision
    done
fi

echo; echo "=== summary (at $SECONDS s)"
$PY "$here/summary.py" table "$W/res" "$OUT"
echo "done after $SECONDS s"
sleep 0.3
