package dev.petiole.scheduler;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// Starts the broker-scheduler; with the argument `uninstall` cleans up after it instead.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
class BrokerSchedulerApplication {

    private static final String UNINSTALL = "uninstall";

    public static void main(String[] args) {
        if (List.of(args).contains(UNINSTALL)) {
            System.exit(SpringApplication.exit(new SpringApplicationBuilder(UninstallConfiguration.class)
                    .web(WebApplicationType.NONE)
                    .run(args)));
        }
        SpringApplication.run(BrokerSchedulerApplication.class, args);
    }
}
