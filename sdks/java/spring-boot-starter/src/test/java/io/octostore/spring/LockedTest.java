package io.octostore.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.HoldOptions;
import io.octostore.client.LockHandle;
import io.octostore.client.OctoStoreClient;
import io.octostore.client.error.LockHeldException;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;

class LockedTest {
    private static final String PREFIX = TestServer.newName();
    private static ConfigurableApplicationContext context;
    private static volatile boolean isHeldAtTheCommit;

    @EnableAutoConfiguration
    @Configuration(proxyBeanMethods = false)
    @Import({Accounts.class, Ledger.class})
    static class Application {
        /** Makes proxies before the starter does, as Spring's transactions do. */
        @Bean
        static DefaultAdvisorAutoProxyCreator proxies() {
            DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
            creator.setOrder(Ordered.HIGHEST_PRECEDENCE);
            creator.setProxyTargetClass(true);
            return creator;
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static Advisor transactions() {
            MethodInterceptor transaction = call -> {
                Object result = call.proceed();
                isHeldAtTheCommit = TestServer.isHeld(PREFIX + "/transaction");
                return result;
            };
            return new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, InTransaction.class), transaction);
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface InTransaction {}

    static class Ledger {
        @Locked(name = "${prefix}/ledger")
        public String write() {
            return CurrentLock.get().name();
        }
    }

    static class Accounts {
        private final Ledger ledger;

        Accounts(Ledger ledger) {
            this.ledger = ledger;
        }

        @Locked(name = "${prefix}/#{#from}/#{#to.toLowerCase()}")
        public List<String> move(String from, String to) {
            return List.of(
                    CurrentLock.get().name(), ledger.write(), CurrentLock.get().name());
        }

        @Locked(name = "${prefix}/failing", ttl = "${ttl:10s}")
        public void fail() throws IOException {
            assertTrue(TestServer.isHeld(CurrentLock.get().name()));
            throw new IOException("no disk");
        }

        @Locked(name = "${prefix}/waiting", waitAtMost = "30s")
        public long await() {
            return CurrentLock.get().fencingToken();
        }

        @InTransaction
        @Locked(name = "${prefix}/transaction")
        public void transact() {}

        @Locked(name = "${prefix}/future")
        public CompletableFuture<String> later() {
            return new CompletableFuture<>();
        }
    }

    @BeforeAll
    static void start() {
        context = TestServer.start(Application.class, "prefix=" + PREFIX);
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    private static Accounts accounts() {
        return context.getBean(Accounts.class);
    }

    @Test
    void aMethodRunsUnderALockNamedByItsArguments() {
        String lock = PREFIX + "/a/b";
        assertEquals(List.of(lock, PREFIX + "/ledger", lock), accounts().move("a", "B"));
        assertFalse(TestServer.isHeld(lock));
    }

    @Test
    void aMethodIsRefusedWhileSomeoneElseHoldsTheLock() {
        try (LockHandle lock = TestServer.otherClient().hold(PREFIX + "/c/d", HoldOptions.defaults())) {
            assertThrows(LockHeldException.class, () -> accounts().move("c", "d"));
            assertEquals(3, accounts().move("c", "e").size());
            assertFalse(lock.isLost());
        }
    }

    @Test
    void aMethodWaitsInLineIfItMay() throws InterruptedException {
        OctoStoreClient other = TestServer.otherClient();
        String name = PREFIX + "/waiting";
        LockHandle lock = other.hold(name, HoldOptions.defaults());
        CompletableFuture<Long> waiting =
                CompletableFuture.supplyAsync(() -> accounts().await());
        TestServer.await(() -> other.lockStatus(name).waiters() == 1);
        lock.close();
        assertTrue(waiting.join() > lock.fencingToken());
    }

    @Test
    void aMethodThatFailsReleasesItsLock() {
        IOException thrown = assertThrows(IOException.class, () -> accounts().fail());
        assertEquals("no disk", thrown.getMessage());
        assertFalse(TestServer.isHeld(PREFIX + "/failing"));
    }

    @Test
    void aTransactionEndsBeforeTheLockIsReleased() {
        accounts().transact();
        assertTrue(isHeldAtTheCommit);
        assertFalse(TestServer.isHeld(PREFIX + "/transaction"));
    }

    @Test
    void aMethodThatIsNotDoneWhenItReturnsIsRefused() {
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> accounts().later());
        assertTrue(refused.getMessage().contains("would be released before its work is done"), refused.getMessage());
    }

    @Test
    void thereIsNoCurrentLockElsewhere() {
        assertThrows(IllegalStateException.class, CurrentLock::get);
    }
}
