package io.octostore.conformance;

import io.octostore.client.AcquireOptions;
import io.octostore.client.ElectOptions;
import io.octostore.client.Election;
import io.octostore.client.Handle;
import io.octostore.client.HoldOptions;
import io.octostore.client.ListOptions;
import io.octostore.client.LockHandle;
import io.octostore.client.NewWebhook;
import io.octostore.client.OctoStoreClient;
import io.octostore.client.OctoStoreClientBuilder;
import io.octostore.client.SessionHandle;
import io.octostore.client.WebhookSignature;
import io.octostore.client.error.LostException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.model.LockEventType;
import io.octostore.client.model.LockMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What the protocol can ask for. */
final class Requests {
    private final Shelf<OctoStoreClient> clients = new Shelf<>();
    private final Shelf<LockHandle> handles = new Shelf<>();
    private final Shelf<SessionHandle> sessions = new Shelf<>();
    private final Shelf<OpenWatch> watches = new Shelf<>();
    private final Shelf<Election> elections = new Shelf<>();
    private final Shelf<CompletableFuture<Optional<String>>> blocks = new Shelf<>();
    private final Consumer<Map<String, Object>> tell;

    Requests(Consumer<Map<String, Object>> tell) {
        this.tell = tell;
    }

    Object perform(Given given) {
        return switch (given.text("do")) {
            case "client" -> client(given);
            case "acquire" -> acquire(given);
            case "hold" -> hold(given);
            case "acquire_all" -> acquireAll(given);
            case "hold_all" -> holdAll(given);
            case "convert" -> convert(given);
            case "handle" -> handle(given);
            case "await_lost" -> awaitLost(given);
            case "close" -> close(given);
            case "elect" -> elect(given);
            case "with_lock" -> withLock(given);
            case "end_block" -> nothing(() -> blocks.get(given.text("block")).complete(given.optionalText("fails")));
            case "describe" -> described(given).toString();
            case "open_session" -> openSession(given);
            case "watch" -> watch(given);
            case "next" ->
                watches.get(given.text("watch"))
                        .next(given.optionalMillis("timeout_ms").orElseThrow());
            case "verify_webhook" -> verifyWebhook(given);
            case "rules" -> RulesOfTheSdk.byName();
            default -> call(given, clients.get(given.text("client")));
        };
    }

    /** The plain calls. */
    private Object call(Given given, OctoStoreClient client) {
        return switch (given.text("do")) {
            case "health" -> client.health();
            case "status_counters" -> client.statusCounters();
            case "rotate_token" -> nothing(client::rotateToken);
            case "renew" -> client.renew(given.text("name"), given.text("lease_id"), given.seconds("ttl_seconds"));
            case "release" -> nothing(() -> client.release(given.text("name"), given.text("lease_id")));
            case "lock_status" -> client.lockStatus(given.text("name"));
            case "break" -> breakLock(given, client);
            case "request_release" -> requestRelease(given, client);
            case "queue" -> client.queue(given.text("name"));
            case "leave_queue" -> nothing(() -> client.leaveQueue(given.text("name"), given.text("lease_id")));
            case "advance_fence" -> client.fences().advance(given.text("name"), given.number("fencing_token"));
            case "check_fence" -> client.fences().check(given.text("name"), given.number("fencing_token"));
            case "fence" -> client.fences().get(given.text("name"));
            case "list_locks" -> client.listLocks(listOptions(given));
            case "create_session" -> createSession(given, client);
            case "keepalive" -> client.keepalive(given.text("session_id"));
            case "session_status" -> client.sessionStatus(given.text("session_id"));
            case "end_session" -> nothing(() -> client.endSession(given.text("session_id")));
            case "create_webhook" -> client.webhooks().create(newWebhook(given));
            case "list_webhooks" -> client.webhooks().list();
            case "delete_webhook" -> nothing(() -> client.webhooks().delete(given.text("webhook_id")));
            case "deliveries" -> client.webhooks().deliveries(given.text("webhook_id"));
            case "redeliver" -> client.webhooks().redeliver(given.text("webhook_id"), given.text("delivery_id"));
            default -> throw new IllegalArgumentException("there is no request called " + given.text("do"));
        };
    }

    private Object client(Given given) {
        OctoStoreClientBuilder builder = OctoStoreClient.builder();
        if (given.isList("base_url")) builder.baseUrls(given.texts("base_url"));
        else given.optionalText("base_url").ifPresent(builder::baseUrl);
        given.optionalText("token").ifPresent(builder::token);
        if (given.isNull("token")) builder.withoutToken();
        given.optionalMillis("timeout_ms").ifPresent(builder::timeout);
        given.optionalSeconds("wait_slice_seconds").ifPresent(builder::waitSlice);
        if (given.flag("release_on_exit")) builder.releaseOnExit();
        given.optionalMembers("token_function").map(GivenTokens::new).ifPresent(builder::tokenSource);
        clients.put(given.text("as"), builder.build());
        return null;
    }

    private Object acquire(Given given) {
        return clients.get(given.text("client")).acquire(given.text("name"), acquireOptions(given));
    }

    private Object acquireAll(Given given) {
        return clients.get(given.text("client")).acquireAll(given.wantedLocks(), acquireOptions(given));
    }

    private static AcquireOptions acquireOptions(Given given) {
        AcquireOptions.Builder options = AcquireOptions.builder();
        given.optionalSeconds("ttl_seconds").ifPresent(options::ttl);
        given.optionalSeconds("wait_seconds").ifPresent(options::waitAtMost);
        given.optionalSeconds("wait_slice_seconds").ifPresent(options::waitSlice);
        given.optionalText("metadata").ifPresent(options::metadata);
        given.optionalText("session_id").ifPresent(options::sessionId);
        given.optionalText("lease_id").ifPresent(options::leaseId);
        if (given.has("limit")) options.counted(given.wholeNumber("limit"));
        if (given.has("permits")) options.permits(given.wholeNumber("permits"));
        if (given.isShared()) options.shared();
        given.optionalSeconds("lock_delay_seconds").ifPresent(options::lockDelay);
        given.optionalSeconds("min_hold_seconds").ifPresent(options::minHold);
        if (given.flag("proof")) options.proof();
        return options.build();
    }

    private Object hold(Given given) {
        return kept(given, clients.get(given.text("client")).hold(given.text("name"), holdOptions(given)));
    }

    private Object holdAll(Given given) {
        return kept(given, clients.get(given.text("client")).holdAll(given.wantedLocks(), holdOptions(given)));
    }

    private HoldOptions holdOptions(Given given) {
        HoldOptions.Builder options = HoldOptions.builder();
        given.optionalSeconds("ttl_seconds").ifPresent(options::ttl);
        given.optionalSeconds("wait_seconds").ifPresent(options::waitAtMost);
        given.optionalSeconds("wait_slice_seconds").ifPresent(options::waitSlice);
        given.optionalText("metadata").ifPresent(options::metadata);
        given.optionalText("session").map(sessions::get).ifPresent(options::session);
        if (given.has("limit")) options.counted(given.wholeNumber("limit"));
        if (given.has("permits")) options.permits(given.wholeNumber("permits"));
        if (given.isShared()) options.shared();
        given.optionalSeconds("lock_delay_seconds").ifPresent(options::lockDelay);
        given.optionalSeconds("min_hold_seconds").ifPresent(options::minHold);
        if (given.flag("proof")) options.proof();
        return options.build();
    }

    private Object kept(Given given, LockHandle lock) {
        String as = given.text("as");
        handles.put(as, lock);
        lock.onReleaseRequested(request -> {
            Map<String, Object> event = new HashMap<>(Map.of("event", "release_requested", "of", as));
            event.putAll(Wire.members(request));
            tell.accept(event);
        });
        return held(lock);
    }

    private static Map<String, Object> held(LockHandle lock) {
        return new HashMap<>(Map.of(
                "lease_id", lock.leaseId(),
                "fencing_token", lock.fencingToken(),
                "locks", Wire.of(lock.locks())));
    }

    private Object convert(Given given) {
        LockHandle lock = handles.get(given.text("handle"));
        LockMode mode = LockMode.valueOf(given.text("mode").toUpperCase(Locale.ROOT));
        given.optionalText("name").ifPresentOrElse(name -> lock.convert(name, mode), () -> lock.convert(mode));
        return held(lock);
    }

    private static Object breakLock(Given given, OctoStoreClient client) {
        String name = given.text("name");
        String reason = given.text("reason");
        return given.has("fencing_token")
                ? client.breakLease(name, given.number("fencing_token"), reason)
                : client.breakLock(name, reason);
    }

    private static Object requestRelease(Given given, OctoStoreClient client) {
        String name = given.text("name");
        given.optionalText("message")
                .ifPresentOrElse(message -> client.requestRelease(name, message), () -> client.requestRelease(name));
        return null;
    }

    private Object handle(Given given) {
        LockHandle lock = handles.get(given.text("handle"));
        Map<String, Object> facts = held(lock);
        facts.put("name", lock.name());
        facts.put("remaining_ms", lock.remaining().toMillis());
        facts.put("is_lost", lock.isLost());
        facts.put("proof", Wire.of(lock.proof()));
        facts.put("release_requested", Wire.of(lock.releaseRequested()));
        return facts;
    }

    private Object awaitLost(Given given) {
        Handle handle = given.has("session") ? sessions.get(given.text("session")) : handles.get(given.text("handle"));
        CountDownLatch lost = new CountDownLatch(1);
        AtomicReference<LostException> why = new AtomicReference<>();
        handle.lost().thenAccept(loss -> {
            why.set(loss);
            lost.countDown();
        });
        try {
            lost.await(given.number("timeout_ms"), TimeUnit.MILLISECONDS);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        Map<String, Object> facts = new HashMap<>(Map.of("is_lost", handle.isLost()));
        if (why.get() != null && why.get().getCause() instanceof OctoStoreException cause)
            facts.put("error", Wire.error(cause));
        return facts;
    }

    private Object close(Given given) {
        given.optionalText("handle").map(handles::get).ifPresent(Handle::close);
        given.optionalText("session").map(sessions::get).ifPresent(Handle::close);
        given.optionalText("watch").map(watches::get).ifPresent(OpenWatch::close);
        given.optionalText("election").map(elections::get).ifPresent(election -> {
            election.close();
            election.join();
        });
        return null;
    }

    private Object elect(Given given) {
        ElectOptions.Builder options = ElectOptions.builder();
        given.optionalSeconds("ttl_seconds").ifPresent(options::ttl);
        given.optionalSeconds("wait_slice_seconds").ifPresent(options::waitSlice);
        String as = given.text("as");
        Election election = clients.get(given.text("client")).elect(given.text("name"), options.build(), leadership -> {
            long token = leadership.lock().fencingToken();
            tell.accept(Map.of("event", "leading", "of", as, "fencing_token", token));
            failIfTold(given.optionalText("fails"));
            try {
                new CountDownLatch(1).await();
            } finally {
                tell.accept(Map.of("event", "stopped", "of", as));
            }
        });
        elections.put(as, election);
        election.ended().whenComplete((done, error) -> tellEnd(as, error));
        return null;
    }

    private void tellEnd(String as, Throwable error) {
        Map<String, Object> event = new HashMap<>(Map.of("event", "ended", "of", as));
        if (error instanceof CompletionException && error.getCause() instanceof RuntimeException cause) {
            event.put("error", Wire.error(cause));
        }
        tell.accept(event);
    }

    private Object withLock(Given given) {
        HoldOptions.Builder options = HoldOptions.builder();
        given.optionalSeconds("ttl_seconds").ifPresent(options::ttl);
        given.optionalSeconds("wait_seconds").ifPresent(options::waitAtMost);
        String as = given.text("as");
        return clients.get(given.text("client")).withLock(given.text("name"), options.build(), lock -> {
            CompletableFuture<Optional<String>> end = blocks.put(as, new CompletableFuture<>());
            tell.accept(Map.of("event", "inside", "of", as));
            failIfTold(end.join());
            return null;
        });
    }

    private static void failIfTold(Optional<String> fails) {
        fails.ifPresent(message -> {
            throw new ProgramException(message);
        });
    }

    private Object described(Given given) {
        if (given.has("handle")) return handles.get(given.text("handle"));
        if (given.has("session")) return sessions.get(given.text("session"));
        if (given.has("election")) return elections.get(given.text("election"));
        return clients.get(given.text("client"));
    }

    private static Object createSession(Given given, OctoStoreClient client) {
        return given.optionalSeconds("ttl_seconds").map(client::createSession).orElseGet(client::createSession);
    }

    private Object openSession(Given given) {
        OctoStoreClient client = clients.get(given.text("client"));
        SessionHandle session =
                given.optionalSeconds("ttl_seconds").map(client::openSession).orElseGet(client::openSession);
        sessions.put(given.text("as"), session);
        return Map.of("session_id", session.sessionId());
    }

    private Object watch(Given given) {
        OctoStoreClient client = clients.get(given.text("client"));
        OpenWatch watch = given.optionalText("prefix")
                .map(prefix -> new OpenWatch(client.watchPrefix(prefix)))
                .orElseGet(() -> new OpenWatch(client.watch(given.text("name"))));
        watches.put(given.text("as"), watch);
        return null;
    }

    private static Object verifyWebhook(Given given) {
        byte[] body = given.text("body").getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.ofEpochSecond(given.number("now_seconds"));
        WebhookSignature.verify(given.text("secret"), given.headers(), body, now);
        return null;
    }

    private static ListOptions listOptions(Given given) {
        ListOptions options = given.has("owner") ? ListOptions.all().own() : ListOptions.all();
        return given.optionalText("prefix").map(options::withPrefix).orElse(options);
    }

    private static NewWebhook newWebhook(Given given) {
        NewWebhook.Builder webhook = NewWebhook.builder(given.text("url"));
        given.optionalText("secret").ifPresent(webhook::secret);
        given.optionalText("lock_pattern").ifPresent(webhook::lockPattern);
        if (given.has("events")) {
            webhook.events(given.texts("events").stream()
                    .map(name -> LockEventType.valueOf(name.toUpperCase(Locale.ROOT)))
                    .toArray(LockEventType[]::new));
        }
        return webhook.build();
    }

    private static Object nothing(Runnable call) {
        call.run();
        return null;
    }
}
