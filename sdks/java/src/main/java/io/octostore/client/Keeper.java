package io.octostore.client;

import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Delays;
import io.octostore.client.internal.Failures;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/** Renews a lease or session in the background, and signals its loss when it may have expired. */
final class Keeper {
    private static final Future<?> NOTHING = CompletableFuture.completedFuture(null);

    private final Renewable thing;
    private final CompletableFuture<LostException> lost = new CompletableFuture<>();
    /** What ends with this. Notified outside of the monitor, because each of them asks its outer keeper in turn. */
    private final Set<Keeper> inside = ConcurrentHashMap.newKeySet();

    // All of these are guarded by this object's monitor.
    private Moment provedAt;
    private boolean isOver;
    private Optional<LostException> loss = Optional.empty();
    private Future<?> lossAlarm = NOTHING;
    private Future<?> nextRenewal = NOTHING;
    private Future<?> renewal = NOTHING;

    private Keeper(Renewable thing) {
        this.thing = thing;
        this.provedAt = thing.provedAt();
    }

    static Keeper start(Renewable thing) {
        Keeper keeper = new Keeper(thing);
        keeper.prove(thing.provedAt());
        thing.within().ifPresent(outer -> outer.admit(keeper));
        return keeper;
    }

    /** Completed with the reason when it is lost. Never completed if it is closed first. */
    CompletableFuture<LostException> lost() {
        return lost;
    }

    /** Why it is lost. Checks the clock, so it is correct even if timers are late, as after the process was paused. */
    Optional<LostException> loss() {
        loseIfLate();
        if (thing.within().flatMap(Keeper::loss).isPresent()) loseWithOuter();
        synchronized (this) {
            return loss;
        }
    }

    /** Whether the server has reported that it has ended. */
    synchronized boolean isGone() {
        return loss.map(Throwable::getCause).isPresent();
    }

    /** How long it is certain to live. Zero once it is lost or closed. */
    Duration remaining() {
        if (loss().isPresent()) return Duration.ZERO;
        Duration own = ownRemaining();
        return thing.within().map(outer -> Moment.min(own, outer.remaining())).orElse(own);
    }

    /** Stops renewing. Everything that belongs to this is lost. */
    void stop() {
        end(Optional.empty());
    }

    private synchronized Duration ownRemaining() {
        return isOver ? Duration.ZERO : provedAt.plus(thing.ttl()).remaining();
    }

    private synchronized Moment lossAt() {
        return provedAt.plus(thing.ttl().minus(thing.margin()));
    }

    private void admit(Keeper inner) {
        inside.add(inner);
        if (isOver()) inner.loseWithOuter();
    }

    private synchronized boolean isOver() {
        return isOver;
    }

    private synchronized void prove(Moment sentAt) {
        if (isOver) return;
        provedAt = Moment.later(provedAt, sentAt);
        lossAlarm.cancel(false);
        lossAlarm = Background.after(lossAt().remaining(), this::loseIfLate);
        renewAfter(provedAt.plus(thing.period()).remaining(), 0);
    }

    private synchronized void renewAfter(Duration delay, int failures) {
        if (isOver) return;
        nextRenewal = Background.after(delay, () -> renew(failures));
    }

    private void renew(int failures) {
        CompletableFuture<? extends Result<?>> attempt;
        synchronized (this) {
            if (isOver) return;
            attempt = thing.renewal();
            renewal = attempt;
        }
        attempt.whenComplete((result, error) -> {
            if (error == null) prove(result.sentAt());
            else notRenewed(Failures.of(error), failures + 1);
        });
    }

    private void notRenewed(OctoStoreException error, int failures) {
        if (error instanceof NotFoundException gone) {
            end(Optional.of(new LostException(thing.what() + " is lost: it has ended on the server", gone)));
        } else {
            renewAfter(Moment.min(thing.period(), Delays.after(failures, error.retryAfter())), failures);
        }
    }

    private void loseIfLate() {
        if (isLate()) end(Optional.of(new LostException(thing.what() + " is lost: it could not be renewed in time")));
    }

    private synchronized boolean isLate() {
        return !isOver && lossAt().hasPassed();
    }

    private void loseWithOuter() {
        end(Optional.of(new LostException(thing.what() + " is lost: its session has ended")));
    }

    /** Stops, unless it has already stopped. */
    private void end(Optional<LostException> why) {
        synchronized (this) {
            if (isOver) return;
            isOver = true;
            loss = why;
            lossAlarm.cancel(false);
            nextRenewal.cancel(false);
            renewal.cancel(true);
        }
        thing.within().ifPresent(outer -> outer.inside.remove(this));
        inside.forEach(Keeper::loseWithOuter);
        // Programs attach their own actions to it, which must not delay the timer.
        why.ifPresent(reason -> lost.completeAsync(() -> reason, Background.workers()));
    }
}
