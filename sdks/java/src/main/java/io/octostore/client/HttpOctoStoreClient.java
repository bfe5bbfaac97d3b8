package io.octostore.client;

import io.octostore.client.error.LockLostException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Limits;
import io.octostore.client.internal.MalformedException;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.internal.Rules;
import io.octostore.client.model.CreatedSession;
import io.octostore.client.model.HeldLock;
import io.octostore.client.model.KeptSession;
import io.octostore.client.model.Lease;
import io.octostore.client.model.LockStatus;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.SessionStatus;
import io.octostore.client.model.StatusCounters;
import java.time.Duration;
import java.util.List;

/** A client that calls the server over HTTP. */
final class HttpOctoStoreClient implements OctoStoreClient {
    private static final Duration SESSION_TTL = Duration.ofSeconds(Rules.SESSION_TTL_SECONDS_DEFAULT);

    private final Caller caller;
    private final LockApi locks;
    private final SessionApi sessions;
    private final Webhooks webhooks;

    HttpOctoStoreClient(Caller caller) {
        this.caller = caller;
        this.locks = new LockApi(caller);
        this.sessions = new SessionApi(caller);
        this.webhooks = new HttpWebhooks(caller);
    }

    @Override
    public LockHandle hold(String name, HoldOptions options) {
        return Holding.hold(locks, name, options, Limits::none);
    }

    @Override
    public <T, X extends Exception> T withLock(String name, HoldOptions options, LockFunction<T, X> use) throws X {
        try (KeptLockHandle lock = Holding.hold(locks, name, options, Limits::none)) {
            T result = applied(use, lock);
            lock.lossWhileOpen().ifPresent(loss -> {
                throw new LockLostException(name, loss, result);
            });
            return result;
        }
    }

    @Override
    public Election elect(String name, ElectOptions options, Leader leader) {
        return ThreadElection.start(
                name, () -> Holding.hold(locks, name, options.hold(), Limits::brief), leader, options.once());
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
        return new StreamedWatch<>(caller, path, new UpdateReader<>(Readers::lockStatus));
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
        return locks.acquire(name, options).value();
    }

    @Override
    public Lease renew(String name, String leaseId, Duration ttl) {
        return locks.renew(name, leaseId, ttl).value();
    }

    @Override
    public void release(String name, String leaseId) {
        locks.release(name, leaseId);
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
