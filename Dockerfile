# VertiGAN without a JDK or Maven: `docker compose up --build`, or
#
#     docker build -t vertigan . && docker run -p 127.0.0.1:8080:8080 -e VERTIGAN_DASHBOARD_TOKEN=... -v runs:/runs vertigan
#
# `--target gpu` makes an image with NVIDIA's libraries instead.
ARG MAVEN=maven:3.9.12-eclipse-temurin-25
ARG BASE=debian:12.12-slim
ARG CUDA=nvidia/cuda:13.0.1-runtime-ubuntu24.04

FROM ${MAVEN} AS build
WORKDIR /build
# The libraries lie in a layer of their own, which lasts until the pom changes.
COPY pom.xml .
COPY .mvn .mvn
RUN mvn -B -ntp -q dependency:resolve-plugins dependency:resolve -DincludeScope=runtime
COPY web web
COPY src/main src/main
# MKL would be half of the image, and oneDNN is as fast or faster.
RUN mvn -B -ntp -q -Dmaven.test.skip=true package && rm -f target/vertigan/lib/mkl-*
RUN jlink --output /java --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive --add-modules \
    java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.incubator.vector,jdk.jcmd,jdk.management,jdk.unsupported,jdk.zipfs

# What both images hold, laid down for a root that is never written: natives unpacked (/tmp may forbid programs, and there is no home),
# the BLAS chosen (the same everywhere, so that a run goes on with the same bits on another machine), the classes laid out.
FROM ${BASE} AS program
COPY --from=build /java /opt/java
COPY --from=build /build/target/vertigan /opt/vertigan
ENV JAVA_HOME=/opt/java PATH=/opt/vertigan/bin:/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    VERTIGAN_JAVA_OPTS="-Dvertigan.blas=onednn -Dvertigan.natives=/opt/vertigan/natives -Djava.library.path=/opt/vertigan/natives -Dorg.bytedeco.javacpp.pathsFirst=true -Djava.awt.headless=true"
RUN export VERTIGAN_JAVA_OPTS="-Dvertigan.blas=onednn -Dorg.bytedeco.javacpp.cachedir=/tmp/natives" \
    && vertigan train --preset ring-2014 --steps 1 --no-dashboard --set compute.kernels=nd4j --run-dir /tmp/nd4j \
    && vertigan train --preset ring-2014 --steps 20 --no-dashboard --set compute.kernels=simd --run-dir /tmp/simd \
    && mkdir /opt/vertigan/natives && find /tmp/natives -type f -name '*.so*' -exec cp {} /opt/vertigan/natives/ ';' \
    && rm -rf /tmp/* && chmod -R a+rX /opt/vertigan && install -d -o 10001 -g 10001 /runs

FROM ${CUDA} AS gpu
COPY --from=program /opt /opt
COPY --from=program --chown=10001:10001 /runs /runs
ENV JAVA_HOME=/opt/java PATH=/opt/vertigan/bin:/opt/java/bin:/usr/local/cuda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    VERTIGAN_JAVA_OPTS="-Dvertigan.blas=onednn -Dvertigan.natives=/opt/vertigan/natives -Djava.library.path=/opt/vertigan/natives -Dorg.bytedeco.javacpp.pathsFirst=true -Djava.awt.headless=true"
WORKDIR /
USER 10001:10001
VOLUME /runs
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9464 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["vertigan"]
CMD ["train", "--run-dir", "/runs/run", "--or-resume", "--set", "dashboard.host=0.0.0.0", "--set", "metrics.host=0.0.0.0", "--set", "log.format=json"]

FROM program
WORKDIR /
USER 10001:10001
VOLUME /runs
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9464 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["vertigan"]
CMD ["train", "--run-dir", "/runs/run", "--or-resume", "--set", "dashboard.host=0.0.0.0", "--set", "metrics.host=0.0.0.0", "--set", "log.format=json"]
