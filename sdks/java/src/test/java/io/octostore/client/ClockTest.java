package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.octostore.client.internal.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockTest {
    private final AtomicLong monotonic = new AtomicLong(1000);
    private final AtomicLong wall = new AtomicLong(5000);
    private final Clock clock = new Clock(monotonic::get, wall::get);

    @Test
    void countsTheTimeForWhichTheMachineWasSuspended() {
        pass(Duration.ofSeconds(1), Duration.ofSeconds(61));
        assertEquals(1000 + Duration.ofSeconds(61).toNanos(), clock.nanos());
        pass(Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertEquals(1000 + Duration.ofSeconds(62).toNanos(), clock.nanos());
    }

    @Test
    void ignoresSmallCorrectionsOfTheWallClock() {
        pass(Duration.ofSeconds(1), Duration.ofMillis(1900));
        assertEquals(1000 + Duration.ofSeconds(1).toNanos(), clock.nanos());
    }

    @Test
    void doesNotGoBackWithTheWallClock() {
        pass(Duration.ofSeconds(1), Duration.ofHours(-1));
        assertEquals(1000 + Duration.ofSeconds(1).toNanos(), clock.nanos());
    }

    @Test
    void tellsOfASuspensionBecauseTimersDoNotCountIt() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        Runnable listener = told::countDown;
        clock.onSuspended(listener);
        pass(Duration.ZERO, Duration.ofMinutes(1));
        told.await();
        clock.forget(listener);
    }

    private void pass(Duration monotonicTime, Duration wallTime) {
        monotonic.addAndGet(monotonicTime.toNanos());
        wall.addAndGet(wallTime.toNanos());
    }
}
