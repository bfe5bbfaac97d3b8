package io.octostore.client.internal;

import io.octostore.client.model.CreatedSession;
import io.octostore.client.model.Deliveries;
import io.octostore.client.model.Delivery;
import io.octostore.client.model.DeliveryAttempt;
import io.octostore.client.model.DeliveryState;
import io.octostore.client.model.Fence;
import io.octostore.client.model.KeptSession;
import io.octostore.client.model.LeaseLock;
import io.octostore.client.model.LockBreak;
import io.octostore.client.model.LockEvent;
import io.octostore.client.model.LockEventType;
import io.octostore.client.model.LockQueue;
import io.octostore.client.model.PrefixState;
import io.octostore.client.model.QueuePlace;
import io.octostore.client.model.SessionStatus;
import io.octostore.client.model.StatusCounters;
import io.octostore.client.model.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Each method reads one kind of object from the server, and throws {@link MalformedException} if it is not that. */
public final class Readers {
    private Readers() {}

    public static LockQueue lockQueue(Fields fields) {
        return new LockQueue(
                fields.text("name"),
                fields.number("waiters"),
                fields.number("total"),
                fields.objects("queue", Readers::queuePlace));
    }

    public static LockBreak lockBreak(Fields fields) {
        return new LockBreak(
                fields.number("lease_count"), fields.numbers("fencing_tokens"), fields.flag("ended_delay"));
    }

    public static Fence fence(Fields fields) {
        return new Fence(fields.text("name"), fields.number("highest"));
    }

    private static QueuePlace queuePlace(Fields fields) {
        LeaseLock wanted = LockReaders.hold("", fields);
        return new QueuePlace(
                fields.number("position"),
                fields.text("holder"),
                fields.text("holder_id"),
                fields.instant("since"),
                wanted.mode(),
                wanted.limit(),
                wanted.permits(),
                fields.flag("asking"),
                fields.optionalText("lease_id"));
    }

    public static PrefixState prefixState(Fields fields) {
        return new PrefixState(fields.objects("locks", LockReaders::heldLock), fields.flag("complete"));
    }

    public static LockEvent lockEvent(Fields fields) {
        LockEventType event = fields.choice("event", LockEventType.class);
        boolean isHeld = event == LockEventType.ACQUIRED || event == LockEventType.RENEWED;
        Optional<Instant> expiresAt = isHeld ? Optional.of(fields.instant("expires_at")) : Optional.empty();
        return new LockEvent(
                event,
                fields.text("lock"),
                fields.optionalText("holder_id"),
                fields.optionalNumber("fencing_token"),
                fields.instant("timestamp"),
                fields.number("sequence"),
                expiresAt,
                isHeld ? fields.optionalText("metadata") : Optional.empty(),
                isHeld ? fields.optionalText("holder") : Optional.empty());
    }

    public static CreatedSession createdSession(Fields fields) {
        Duration interval = Duration.ofSeconds(fields.number("keepalive_interval_secs"));
        return new CreatedSession(fields.text("session_id"), fields.instant("expires_at"), interval);
    }

    public static KeptSession keptSession(Fields fields) {
        return new KeptSession(fields.text("session_id"), fields.instant("expires_at"));
    }

    public static SessionStatus sessionStatus(Fields fields) {
        return new SessionStatus(
                fields.text("session_id"),
                fields.text("user_id"),
                fields.instant("expires_at"),
                fields.number("lock_count"),
                fields.flag("active"));
    }

    public static StatusCounters statusCounters(Fields fields) {
        return new StatusCounters(
                fields.text("service"),
                fields.text("version"),
                fields.text("status"),
                Duration.ofSeconds(fields.number("uptime_seconds")),
                fields.number("locks_held"),
                fields.number("sessions"),
                fields.number("waiters"));
    }

    public static Webhook webhook(Fields fields) {
        return new Webhook(
                fields.text("id"),
                fields.text("user_id"),
                fields.text("url"),
                fields.optionalText("secret"),
                fields.texts("events"),
                fields.optionalText("lock_pattern"),
                fields.instant("created_at"),
                fields.flag("active"),
                fields.optionalText("disabled_reason"));
    }

    public static Deliveries deliveries(Fields fields) {
        return new Deliveries(fields.objects("deliveries", Readers::delivery), fields.optionalNumber("next_before"));
    }

    public static Delivery delivery(Fields fields) {
        return new Delivery(
                fields.text("id"),
                fields.text("webhook_id"),
                fields.choice("state", DeliveryState.class),
                fields.optionalText("dead_reason"),
                lockEvent(fields.object("payload")),
                fields.objects("attempts", Readers::deliveryAttempt),
                fields.optionalInstant("next_attempt_at"),
                fields.instant("created_at"));
    }

    private static DeliveryAttempt deliveryAttempt(Fields fields) {
        return new DeliveryAttempt(
                fields.instant("at"),
                fields.optionalNumber("status"),
                fields.optionalText("error"),
                Duration.ofMillis(fields.number("duration_ms")));
    }

    /** Reads a response without a body. */
    public static Void nothing(String text) {
        if (!text.isEmpty()) throw new MalformedException("an answer that should be empty");
        return null;
    }
}
