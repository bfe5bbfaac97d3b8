package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.StaleTokenException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LeaseLock;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.LockStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindsOfLocksTest {
    private final OctoStoreClient client = TestServer.client();
    private final OctoStoreClient other = TestServer.otherClient();
    private final String name = TestServer.newName();
    private static final HoldOptions SHARED = HoldOptions.builder().shared().build();

    @Test
    void sharedLocksHaveSeveralHolders() {
        try (LockHandle mine = client.hold(name, SHARED);
                LockHandle theirs = other.hold(name, SHARED)) {
            assertEquals(LockMode.SHARED, mine.locks().get(0).mode());
            LockStatus.Held status = assertInstanceOf(LockStatus.Held.class, client.lockStatus(name));
            assertEquals(2, status.holderCount());
            assertEquals(theirs.fencingToken(), status.holders().get(1).fencingToken());
            assertEquals(mine.leaseId(), status.holders().get(0).leaseId().orElseThrow());
        }
    }

    @Test
    void countedLocksHaveSlots() {
        HoldOptions two = HoldOptions.builder().counted(3).permits(2).build();
        try (LockHandle lock = client.hold(name, two)) {
            assertEquals(List.of(0, 1), lock.slots());
            AcquireOptions four = AcquireOptions.builder().counted(4).build();
            LockHeldException held = assertThrows(LockHeldException.class, () -> client.acquire(name, four));
            assertEquals(3, held.limit().orElseThrow());
            assertEquals(name, held.lock().orElseThrow());
        }
    }

    @Test
    void severalLocksAreHeldTogether() {
        List<WantedLock> wanted = List.of(
                WantedLock.exclusive(name), WantedLock.counted(name + "/c", 3).withPermits(3));
        List<LeaseLock> locks = client.withLocks(wanted, HoldOptions.defaults(), LockHandle::locks);
        assertEquals(
                List.of(name, name + "/c"), locks.stream().map(LeaseLock::name).toList());
        Lease lease = client.acquireAll(wanted, AcquireOptions.defaults());
        assertEquals(lease.locks(), client.leases().get(lease.leaseId()).locks());
        assertTrue(client.leases()
                .renewWithProof(lease.leaseId(), Duration.ofSeconds(30))
                .proof()
                .isPresent());
        client.leases().release(lease.leaseId());
        assertInstanceOf(LockStatus.Available.class, client.lockStatus(name));
    }

    @Test
    void impossibleWishesAreRefused() {
        assertThrows(ValidationException.class, () -> client.holdAll(List.of(), HoldOptions.defaults()));
        assertThrows(ValidationException.class, () -> client.holdAll(List.of(WantedLock.shared(name)), SHARED));
        HoldOptions permits = HoldOptions.builder().permits(2).build();
        assertThrows(ValidationException.class, () -> client.hold(name, permits));
        HoldOptions delay =
                HoldOptions.builder().lockDelay(Duration.ofSeconds(61)).build();
        assertThrows(ValidationException.class, () -> client.hold(name, delay));
        HoldOptions hold = HoldOptions.builder().minHold(Duration.ofSeconds(61)).build();
        assertThrows(ValidationException.class, () -> client.hold(name, hold));
        assertThrows(ValidationException.class, () -> client.fences().advance(name, 0));
    }

    @Test
    void conversionKeepsTheLock() {
        try (LockHandle lock = client.hold(name, SHARED)) {
            long before = lock.fencingToken();
            lock.convert(LockMode.EXCLUSIVE);
            assertTrue(lock.fencingToken() > before);
            assertEquals(LockMode.EXCLUSIVE, lock.locks().get(0).mode());
            assertThrows(ValidationException.class, () -> lock.convert(LockMode.COUNTED));
            assertThrows(ValidationException.class, () -> lock.convert("another", LockMode.SHARED));
        }
    }

    @Test
    void fencesRefuseOldTokens() {
        long low =
                client.acquire(name, AcquireOptions.builder().shared().build()).fencingToken();
        long high =
                client.acquire(name, AcquireOptions.builder().shared().build()).fencingToken();
        assertEquals(high, client.fences().advance(name, high).highest());
        StaleTokenException stale =
                assertThrows(StaleTokenException.class, () -> client.fences().check(name, low));
        assertEquals(high, stale.highest());
        assertEquals(high, client.fences().get(name).highest());
    }
}
