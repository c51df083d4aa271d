package dev.petiole.registry.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/// What is refused before a controller, or even the security filters, see it, such as a path with an encoded slash: it
/// is answered with a problem like all else.
@Configuration(proxyBeanMethods = false)
class RefusedRequests {

    /// A method that nothing here has is answered by the controllers' side, which knows the ones that are allowed.
    @Bean
    HttpFirewall firewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejectedRequests(Problems problems) {
        return (request, response, rejection) ->
                problems.send(request, response, ProblemType.INVALID_FIELD, explain(rejection));
    }

    static String explain(RequestRejectedException rejection) {
        return "The request's path, query or headers have characters that are not accepted: " + rejection.getMessage();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTheServer() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }
}
