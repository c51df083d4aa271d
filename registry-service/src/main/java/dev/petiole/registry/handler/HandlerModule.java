package dev.petiole.registry.handler;

import dev.petiole.registry.revision.Kind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HandlerModule {

    @Bean
    Kind<HandlerRecord> handlerKind() {
        return HandlerRecord.KIND;
    }
}
