package dev.petiole.discovery;

import dev.petiole.discovery.pace.SteadyClock;
import java.time.Clock;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/// The discovery service of one node.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class DiscoveryApplication {

    public static void main(String[] args) {
        SpringApplication.run(DiscoveryApplication.class, args);
    }

    @Bean
    Clock clock() {
        return new SteadyClock();
    }

    @Bean
    RandomGenerator random() {
        return new Random();
    }
}
