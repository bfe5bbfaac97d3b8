package io.octostore.client;

import io.octostore.client.internal.Request;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The requests that acquire, renew and release a lease. */
sealed interface LeaseRoutes {
    /** Throws a validation error if the server would not accept the names and modes. */
    void check();

    Request acquire(Map<String, Object> body);

    Request renew(String leaseId, Map<String, Object> body);

    Request release(String leaseId);

    /** The routes that keep a lease that was granted. */
    LeaseRoutes of(Lease lease);

    /** The routes that keep a lease, whatever it locks. Servers of version 1.0 have only those for one lock. */
    static LeaseRoutes keeping(Lease lease) {
        return lease.locks().size() == 1 ? OfLock.named(lease.name()) : OfLocks.BY_ID;
    }

    /** Of a lease of one lock. */
    record OfLock(WantedLock lock) implements LeaseRoutes {
        static OfLock named(String name) {
            return new OfLock(WantedLock.exclusive(name));
        }

        @Override
        public void check() {
            lock.check();
        }

        @Override
        public Request acquire(Map<String, Object> body) {
            return post("acquire", joined(body, demand(lock)));
        }

        @Override
        public Request renew(String leaseId, Map<String, Object> body) {
            return post("renew", joined(body, Map.of("lease_id", leaseId)));
        }

        @Override
        public Request release(String leaseId) {
            return post("release", Map.of("lease_id", leaseId));
        }

        @Override
        public LeaseRoutes of(Lease lease) {
            return this;
        }

        private Request post(String verb, Map<String, Object> body) {
            return Request.post(LockApi.path(lock.name()) + "/" + verb, body);
        }
    }

    /** Of a lease of several locks, or of any lease by its id. */
    record OfLocks(List<WantedLock> locks) implements LeaseRoutes {
        /** For a lease that exists. */
        static final OfLocks BY_ID = new OfLocks(List.of());

        @Override
        public void check() {
            locks.forEach(WantedLock::check);
        }

        @Override
        public Request acquire(Map<String, Object> body) {
            List<Map<String, Object>> wanted = locks.stream()
                    .map(lock -> joined(Map.of("name", lock.name()), demand(lock)))
                    .toList();
            return Request.post("/leases", joined(body, Map.of("locks", wanted)));
        }

        @Override
        public Request renew(String leaseId, Map<String, Object> body) {
            return Request.post(path(leaseId) + "/renew", body);
        }

        @Override
        public Request release(String leaseId) {
            return Request.delete(path(leaseId));
        }

        @Override
        public LeaseRoutes of(Lease lease) {
            return BY_ID;
        }

        static String path(String leaseId) {
            return "/leases/" + Request.encoded(leaseId);
        }
    }

    /** How a lock is wanted. Servers of version 1.0 know no modes, so the usual one is not sent. */
    private static Map<String, Object> demand(WantedLock lock) {
        Map<String, Object> demand = new HashMap<>();
        if (lock.mode() == LockMode.SHARED) demand.put("mode", lock.mode().wireName());
        lock.limit().ifPresent(limit -> demand.put("limit", limit));
        lock.permits().ifPresent(permits -> demand.put("permits", permits));
        return demand;
    }

    private static Map<String, Object> joined(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> all = new HashMap<>(one);
        all.putAll(other);
        return all;
    }
}
