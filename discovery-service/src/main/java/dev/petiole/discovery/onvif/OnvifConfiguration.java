package dev.petiole.discovery.onvif;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OnvifConfiguration {

    @Bean
    OnvifNetwork onvifNetwork() {
        return OnvifNetwork.ofThisNode();
    }
}
