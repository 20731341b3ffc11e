package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// The compose file and the image's recipe, as far as they can be judged without a container engine.
class ComposeTest {

    private static final Map<String, String> SECRETS = Map.of("VERTIGAN_DASHBOARD_TOKEN", "token", "GRAFANA_PASSWORD", "password");

    private static JsonNode compose() throws IOException {
        return new JsonMapper().valueToTree(new Yaml().load(Files.readString(Tool.TOP.resolve("docker-compose.yml"))));
    }

    private static Stream<Map.Entry<String, JsonNode>> services() throws IOException {
        return compose().path("services").properties().stream();
    }

    /// The compose specification's schema is not ours to copy: where it lies is in `VERTIGAN_SCHEMAS`, else beside the repository.
    @Test
    void itKeepsToTheSpecification() throws IOException {
        var folder = Optional.ofNullable(System.getenv("VERTIGAN_SCHEMAS")).map(Path::of).orElse(Tool.TOP.resolve("../shared/schema"));
        var file = folder.resolve("compose-spec.json");
        assumeTrue(Files.exists(file), "no " + file);
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(SchemaLocation.of(file.toUri().toString()), new JsonMapper().readTree(file.toFile()));
        assertEquals("[]", schema.validate(compose()).toString());
    }

    private static Tool.Result config(Map<String, String> environment) throws IOException, InterruptedException {
        var builder = Tool.named("docker-compose").builder(Tool.TOP, "config");
        builder.environment().keySet().removeAll(SECRETS.keySet());
        builder.environment().putAll(environment);
        return Tool.run(builder);
    }

    @Test
    void dockerComposeReadsIt() throws IOException, InterruptedException {
        var result = config(SECRETS);
        assertEquals(0, result.code(), result.output());
    }

    @Test
    void withoutASecretItIsRefusedByName() throws IOException, InterruptedException {
        for (var secret : SECRETS.keySet()) {
            var others = new java.util.HashMap<>(SECRETS);
            others.remove(secret);
            var result = config(others);
            assertNotEquals(0, result.code(), result.output());
            assertTrue(result.output().contains(secret) && result.output().contains("set it to a secret of your own"), result.output());
        }
    }

    @Test
    void everyServiceHasNoMoreRightsThanItNeeds() throws IOException {
        services().forEach(entry -> {
            var service = entry.getValue();
            String name = entry.getKey();
            assertTrue(service.path("read_only").asBoolean(), name + ": read-only root");
            assertEquals("[\"ALL\"]", service.path("cap_drop").toString(), name + ": no capabilities");
            assertEquals("[\"no-new-privileges:true\"]", service.path("security_opt").toString(), name);
            assertTrue(service.has("mem_limit"), name + ": a memory limit");
            assertTrue(service.has("restart"), name);
            assertTrue(service.path("image").asText().matches(".+:v?\\d+(\\.\\d+){2}"), name + ": an image of a version, " + service.path("image"));
            assertTrue(service.has("build") || service.has("user") && !service.path("user").asText().startsWith("0"), name + ": not root");
            assertTrue(service.has("build") || service.has("healthcheck"), name + ": a health check");
            Grafana.all(service.path("ports"))
                    .forEach(port -> assertTrue(port.asText().startsWith("127.0.0.1:"), name + ": published to others: " + port));
        });
    }

    @Test
    void whatIsMountedExistsAndNoSecretIsWritten() throws IOException {
        services().forEach(entry -> {
            Grafana.all(entry.getValue().path("volumes")).map(volume -> volume.asText().split(":")).filter(volume -> volume[0].startsWith("."))
                    .forEach(volume -> {
                        assertTrue(Files.exists(Tool.TOP.resolve(volume[0])), volume[0]);
                        assertEquals("ro", volume[2], volume[0]);
                    });
            entry.getValue().path("environment").properties().stream().filter(variable -> variable.getKey().matches(".*(TOKEN|PASSWORD|URL)"))
                    .forEach(variable -> assertTrue(variable.getValue().asText().startsWith("${"), variable.getKey()));
        });
    }

    @Test
    void theImageRunsAsNobodyAndSavesWhenItIsStopped() throws IOException {
        var lines = Files.readString(Tool.TOP.resolve("Dockerfile")).replace("\\\n", "").lines().toList();
        var images = List.of("gpu", "");
        for (var image : images) {
            int begin = image.isEmpty() ? lines.lastIndexOf("FROM program") : lines.indexOf("FROM ${CUDA} AS " + image);
            var stage = lines.subList(begin + 1, lines.size()).stream().takeWhile(line -> !line.startsWith("FROM")).toList();
            for (var line : List.of("USER 10001:10001", "VOLUME /runs", "STOPSIGNAL SIGTERM", "ENTRYPOINT [\"vertigan\"]")) {
                assertTrue(stage.contains(line), image + ": " + line);
            }
            assertTrue(stage.stream().anyMatch(line -> line.startsWith("HEALTHCHECK")), image + ": a health check");
        }
        for (var line : lines) {
            if (line.startsWith("ARG")) {
                assertTrue(Pattern.compile(":\\d+\\.\\d+").matcher(line).find(), "an image of a version: " + line);
            }
        }
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("ADD ")), "nothing comes from elsewhere");
    }
}
