package io.octostore.spring;

import io.octostore.client.ElectOptions;
import io.octostore.client.OctoStoreClient;
import io.octostore.client.OctoStoreClientBuilder;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** Provides a client, what the annotations need, and the election that the properties name. */
@AutoConfiguration
@EnableConfigurationProperties(OctoStoreProperties.class)
public class OctoStoreAutoConfiguration {
    OctoStoreAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    OctoStoreClient octoStoreClient(OctoStoreProperties properties) {
        OctoStoreClientBuilder builder = OctoStoreClient.builder();
        // An empty value counts as not set, as in the environment of the client.
        Optional.ofNullable(properties.baseUrl())
                .filter(urls -> !urls.isEmpty())
                .ifPresent(builder::baseUrls);
        Optional.ofNullable(properties.token())
                .filter(token -> !token.isEmpty())
                .ifPresent(builder::token);
        Optional.ofNullable(properties.timeout()).ifPresent(builder::timeout);
        Optional.ofNullable(properties.waitSlice()).ifPresent(builder::waitSlice);
        if (properties.releaseOnExit()) builder.releaseOnExit();
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("octostore.election.name")
    LeaderElection octoStoreLeaderElection(
            OctoStoreProperties properties, OctoStoreClient client, ApplicationEventPublisher events) {
        OctoStoreProperties.Election election = properties.election();
        ElectOptions.Builder options = ElectOptions.builder();
        Optional.ofNullable(election.ttl()).ifPresent(options::ttl);
        return new LeaderElection(election.name(), options.build(), client, events);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AnnotatedMethods octoStoreLockedMethods(
            ObjectProvider<OctoStoreClient> client, ConfigurableBeanFactory beans) {
        AnnotationValues values = new AnnotationValues(beans);
        return new AnnotatedMethods(Locked.class, new LockedInterceptor(client::getObject, values));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AnnotatedMethods octoStoreSingleRuns(ObjectProvider<OctoStoreClient> client, ConfigurableBeanFactory beans) {
        AnnotationValues values = new AnnotationValues(beans);
        return new AnnotatedMethods(SingleRun.class, new SingleRunInterceptor(client::getObject, values));
    }
}
