package dev.petiole.registry.node;

import dev.petiole.registry.revision.Kind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class NodeModule {

    @Bean
    Kind<NodeRecord> nodeKind() {
        return NodeRecord.KIND;
    }
}
