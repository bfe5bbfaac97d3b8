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

/** Keeps one thing alive in the background, and tells when it can no longer be proved to live. */
final class Keeper {
    private static final Future<?> NOTHING = CompletableFuture.completedFuture(null);

    private final Renewable thing;
    private final CompletableFuture<LostException> lost = new CompletableFuture<>();
    /** What ends with this. Told outside of the monitor, since each of them asks its outer one in turn. */
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

    /** Completed when it is lost, with why; never if it is given up before. */
    CompletableFuture<LostException> lost() {
        return lost;
    }

    /** Why it is lost. Looks at the clock: right also when timers are late, as after a pause of the whole process. */
    Optional<LostException> loss() {
        loseIfLate();
        if (thing.within().flatMap(Keeper::loss).isPresent()) loseWithOuter();
        synchronized (this) {
            return loss;
        }
    }

    /** Whether the server has said that it has ended. */
    synchronized boolean isGone() {
        return loss.map(Throwable::getCause).isPresent();
    }

    /** How long it lives for certain; zero once it is lost or given up. */
    Duration remaining() {
        if (loss().isPresent()) return Duration.ZERO;
        Duration own = ownRemaining();
        return thing.within().map(outer -> Moment.min(own, outer.remaining())).orElse(own);
    }

    /** Renews no more. What is kept within this is lost. */
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

    /** Ends the keeping, unless that is over already. */
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
        // Programs hang actions of their own on it, which must not hold up the timer.
        why.ifPresent(reason -> lost.completeAsync(() -> reason, Background.workers()));
    }
}
