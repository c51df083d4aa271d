package dev.petiole.api.configuration;

import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/// How the Kubernetes objects fare that show Configurations made over REST.
@HttpExchange("/api/v1/configurations/{group}/{namespace}/{name}/mirror")
public interface MirrorsApi {

    /// States whether the Configuration can be shown in the cluster. What has no object there gets no Instances and no
    /// brokers. For the broker-scheduler.
    @PutExchange
    void report(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestBody @Valid MirrorReport report);
}
