package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.Setting;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The JVM goes on silently without an AOT cache that does not fit, and then takes some 40 MB more.
@ClusterTest
class AotCacheE2E {

    private final Kubectl kubectl;
    private final Installation installation;

    AotCacheE2E(Kubectl kubectl, Installation installation) {
        this.kubectl = kubectl;
        this.installation = installation;
    }

    @Test
    void isMappedByTheServiceInItsContainer() {
        assumeTrue(Setting.find("base-image-debug").isEmpty(), "a given base image has no AOT cache");
        // A Pod may be just about to go, from the story before.
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> {
            String pod = installation.pods("discovery-service").getFirst();
            String maps = kubectl.output("exec", "-n", installation.namespace(), pod, "--", "cat", "/proc/1/maps");

            assertThat(maps).contains("/app/app.aot");
        });
    }
}
