package dev.vertigan.train;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/// Puts verticles on threads: each pool has one, so what shares a pool shares a thread, and never waits for itself.
record Deployment(Vertx vertx) {

    /// On an event loop, which is never to wait.
    Future<String> deploy(VerticleBase verticle) {
        return vertx.deployVerticle(verticle);
    }

    Future<String> deploy(String pool, VerticleBase verticle) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("vertigan-" + pool).setWorkerPoolSize(1)
                .setMaxWorkerExecuteTime(1).setMaxWorkerExecuteTimeUnit(TimeUnit.DAYS)); // a turn of a large network takes what it takes
    }
}
