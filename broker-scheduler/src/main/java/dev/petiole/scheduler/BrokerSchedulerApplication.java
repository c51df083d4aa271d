package dev.petiole.scheduler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// Starts the broker-scheduler.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
class BrokerSchedulerApplication {

    public static void main(String[] args) {
        SpringApplication.run(BrokerSchedulerApplication.class, args);
    }
}
