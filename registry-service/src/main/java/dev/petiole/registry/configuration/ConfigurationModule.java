package dev.petiole.registry.configuration;

import dev.petiole.registry.revision.Kind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConfigurationModule {

    @Bean
    Kind<ConfigurationRecord> configurationKind() {
        return ConfigurationRecord.KIND;
    }
}
