package io.octostore.client;

import io.octostore.client.error.LockLostException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.LockReaders;
import io.octostore.client.internal.MalformedException;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Rules;
import io.octostore.client.model.CreatedSession;
import io.octostore.client.model.HeldLock;
import io.octostore.client.model.KeptSession;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockBreak;
import io.octostore.client.model.LockMode;
import io.octostore.client.model.LockQueue;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.SessionStatus;
import io.octostore.client.model.StatusCounters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** A client that calls the server over HTTP. */
final class HttpOctoStoreClient implements OctoStoreClient {
    private static final Duration SESSION_TTL = Duration.ofSeconds(Rules.SESSION_TTL_SECONDS_DEFAULT);

    private final Caller caller;
    private final LockApi locks;
    private final LeaseApi leaseApi;
    private final Leases leases;
    private final Fences fences;
    private final SessionApi sessions;
    private final Webhooks webhooks;

    HttpOctoStoreClient(Caller caller) {
        this.caller = caller;
        this.locks = new LockApi(caller);
        this.leaseApi = new LeaseApi(caller);
        this.leases = new HttpLeases(leaseApi);
        this.fences = new HttpFences(caller);
        this.sessions = new SessionApi(caller);
        this.webhooks = new HttpWebhooks(caller);
    }

    @Override
    public LockHandle hold(String name, HoldOptions options) {
        return held(routes(name, options.acquire()), options);
    }

    @Override
    public LockHandle holdAll(List<WantedLock> locks, HoldOptions options) {
        return held(routes(locks, options.acquire()), options);
    }

    @Override
    public <T, X extends Exception> T withLock(String name, HoldOptions options, LockFunction<T, X> use) throws X {
        return used(routes(name, options.acquire()), options, use);
    }

    @Override
    public <T, X extends Exception> T withLocks(List<WantedLock> locks, HoldOptions options, LockFunction<T, X> use)
            throws X {
        return used(routes(locks, options.acquire()), options, use);
    }

    @Override
    public Election elect(String name, ElectOptions options, Leader leader) {
        HoldOptions hold = options.hold();
        Supplier<LockHandle> campaign = () -> Holding.hold(leaseApi, routes(name, hold.acquire()), hold, Limits::brief);
        return ThreadElection.start(name, caller.timeline(), campaign, leader, options.once());
    }

    @Override
    public CompletableFuture<LockHandle> holdAsync(String name, HoldOptions options) {
        return AsyncCall.start(() -> hold(name, options), Handle::close);
    }

    @Override
    public CompletableFuture<LockHandle> holdAllAsync(List<WantedLock> locks, HoldOptions options) {
        return AsyncCall.start(() -> holdAll(locks, options), Handle::close);
    }

    @Override
    public <T> CompletableFuture<T> withLockAsync(
            String name, HoldOptions options, Function<? super LockHandle, ? extends CompletionStage<T>> use) {
        return AsyncBlock.run(() -> held(routes(name, options.acquire()), options), use);
    }

    @Override
    public <T> CompletableFuture<T> withLocksAsync(
            List<WantedLock> locks,
            HoldOptions options,
            Function<? super LockHandle, ? extends CompletionStage<T>> use) {
        return AsyncBlock.run(() -> held(routes(locks, options.acquire()), options), use);
    }

    @Override
    public CompletableFuture<Lease> acquireAsync(String name, AcquireOptions options) {
        return AsyncCall.start(() -> acquire(name, options), this::releaseInBackground);
    }

    @Override
    public CompletableFuture<Lease> acquireAllAsync(List<WantedLock> locks, AcquireOptions options) {
        return AsyncCall.start(() -> acquireAll(locks, options), this::releaseInBackground);
    }

    @Override
    public CompletableFuture<SessionHandle> openSessionAsync(Duration ttl) {
        return AsyncCall.start(() -> openSession(ttl), Handle::close);
    }

    private void releaseInBackground(Lease lease) {
        leaseApi.releaseInBackground(LeaseRoutes.keeping(lease), lease.leaseId(), Limits::none);
    }

    @Override
    public SessionHandle openSession() {
        return openSession(SESSION_TTL);
    }

    @Override
    public SessionHandle openSession(Duration ttl) {
        return KeptSessionHandle.open(sessions, ttl);
    }

    @Override
    public Watch<LockStatus> watch(String name) {
        Checks.name(name);
        String path = LockApi.path(name) + "/watch";
        return new StreamedWatch<>(caller, path, new UpdateReader<>(LockReaders::lockStatus));
    }

    @Override
    public Watch<PrefixState> watchPrefix(String prefix) {
        String path = "/watch?prefix=" + Request.encoded(prefix);
        return new StreamedWatch<>(caller, path, new UpdateReader<>(Readers::prefixState));
    }

    @Override
    public LockStatus lockStatus(String name) {
        return locks.status(name);
    }

    @Override
    public List<HeldLock> listLocks(ListOptions options) {
        return locks.list(options);
    }

    @Override
    public Lease acquire(String name, AcquireOptions options) {
        return leaseApi.acquire(routes(name, options), options, Limits::none).value();
    }

    @Override
    public Lease acquireAll(List<WantedLock> locks, AcquireOptions options) {
        return leaseApi.acquire(routes(locks, options), options, Limits::none).value();
    }

    @Override
    public Lease renew(String name, String leaseId, Duration ttl) {
        LeaseApi.Renewal renewal = new LeaseApi.Renewal(leaseId, ttl, false, leaseApi.timeout());
        return leaseApi.renew(LeaseRoutes.OfLock.named(name), renewal).value();
    }

    @Override
    public void release(String name, String leaseId) {
        leaseApi.release(LeaseRoutes.OfLock.named(name), leaseId);
    }

    @Override
    public Lease convert(String name, String leaseId, LockMode mode) {
        return leaseApi.convert(name, leaseId, mode);
    }

    @Override
    public void requestRelease(String name) {
        locks.requestRelease(name, Optional.empty());
    }

    @Override
    public void requestRelease(String name, String message) {
        locks.requestRelease(name, Optional.of(message));
    }

    @Override
    public LockBreak breakLock(String name, String reason) {
        return locks.breakLock(name, reason, OptionalLong.empty());
    }

    @Override
    public LockBreak breakLease(String name, long fencingToken, String reason) {
        return locks.breakLock(name, reason, OptionalLong.of(fencingToken));
    }

    @Override
    public LockQueue queue(String name) {
        return locks.queue(name);
    }

    @Override
    public void leaveQueue(String name, String leaseId) {
        locks.leaveQueue(name, leaseId);
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public Fences fences() {
        return fences;
    }

    @Override
    public CreatedSession createSession() {
        return createSession(SESSION_TTL);
    }

    @Override
    public CreatedSession createSession(Duration ttl) {
        return sessions.create(ttl).value();
    }

    @Override
    public KeptSession keepalive(String sessionId) {
        return sessions.keepalive(sessionId);
    }

    @Override
    public SessionStatus sessionStatus(String sessionId) {
        return sessions.status(sessionId);
    }

    @Override
    public void endSession(String sessionId) {
        sessions.end(sessionId);
    }

    @Override
    public Webhooks webhooks() {
        return webhooks;
    }

    @Override
    public String rotateToken() {
        Attempt<String> attempt = Attempt.of(Request.post("/auth/token/rotate"), HttpOctoStoreClient::readToken);
        return caller.bearer().rotate(token -> caller.withToken(token).call(attempt, Repeat.UNSENT));
    }

    @Override
    public String health() {
        return caller.call(
                new Attempt<>(() -> Request.get("/health").openToAll(), HttpOctoStoreClient::readHealth), Repeat.SAFE);
    }

    @Override
    public StatusCounters statusCounters() {
        return caller.call(Attempt.of(Request.get("/status").openToAll(), Readers::statusCounters), Repeat.SAFE);
    }

    /** {@return for logs and debugging, without the token} */
    @Override
    public String toString() {
        return "OctoStoreClient(" + String.join(", ", caller.servers().urls()) + ")";
    }

    private KeptLockHandle held(LeaseRoutes routes, HoldOptions options) {
        return Holding.hold(leaseApi, routes, options, Limits::none);
    }

    private static LeaseRoutes routes(String name, AcquireOptions options) {
        return new LeaseRoutes.OfLock(options.of(name));
    }

    private static LeaseRoutes routes(List<WantedLock> locks, AcquireOptions options) {
        if (options.hasDemand())
            throw new ValidationException("Of several locks, each says how you want to hold it, not the options.");
        Checks.someLocks(locks);
        return new LeaseRoutes.OfLocks(List.copyOf(locks));
    }

    private <T, X extends Exception> T used(LeaseRoutes routes, HoldOptions options, LockFunction<T, X> use) throws X {
        try (KeptLockHandle lock = held(routes, options)) {
            T result = applied(use, lock);
            lock.lossWhileOpen().ifPresent(loss -> {
                throw new LockLostException(lock.name(), loss, result);
            });
            return result;
        }
    }

    private static <T, X extends Exception> T applied(LockFunction<T, X> use, KeptLockHandle lock) throws X {
        try {
            return use.apply(lock);
        } catch (Throwable error) {
            lock.lossWhileOpen().filter(loss -> loss != error).ifPresent(error::addSuppressed);
            throw error;
        }
    }

    private static String readHealth(String text) {
        if (text.strip().equals("OK")) return "OK";
        throw new MalformedException("not the answer of a healthy server");
    }

    private static String readToken(Fields answer) {
        try {
            return Checks.token(answer.text("token"));
        } catch (ValidationException unusable) {
            throw new MalformedException("not a token");
        }
    }
}
