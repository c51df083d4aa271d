package dev.petiole.registry.device;

import dev.petiole.registry.revision.Kind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeviceModule {

    @Bean
    Kind<DeviceRecord> deviceKind() {
        return DeviceRecord.KIND;
    }
}
