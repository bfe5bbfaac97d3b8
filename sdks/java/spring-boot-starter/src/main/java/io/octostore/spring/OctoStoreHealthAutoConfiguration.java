package io.octostore.spring;

import io.octostore.client.OctoStoreClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Adds the server's health to that of the application, if Spring Boot's health module is there. */
@AutoConfiguration(after = OctoStoreAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("octostore")
public class OctoStoreHealthAutoConfiguration {
    OctoStoreHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "octoStoreHealthIndicator")
    HealthIndicator octoStoreHealthIndicator(OctoStoreClient client) {
        return new OctoStoreHealthIndicator(client);
    }
}
