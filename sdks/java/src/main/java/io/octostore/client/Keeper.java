package io.octostore.client;

import io.octostore.client.HandleEvent.Type;
import io.octostore.client.error.LeaseBrokenException;
import io.octostore.client.error.LostException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.internal.Background;
import io.octostore.client.internal.Failures;
import io.octostore.client.internal.Moment;
import io.octostore.client.internal.Result;
import io.octostore.client.internal.Route;
import io.octostore.client.internal.Timeline;
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
    /** Of the attempts since the last success. */
    private Optional<Route> route = Optional.empty();

    private boolean isGone;

    /** Completed when it is lost or stopped. Nothing happens in the background from then on. */
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private final Runnable catchUp = this::catchUp;

    private Keeper(Renewable thing) {
        this.thing = thing;
        this.provedAt = thing.provedAt();
    }

    static Keeper start(Renewable thing) {
        thing.observation().begin();
        Keeper keeper = new Keeper(thing);
        keeper.prove(thing.provedAt());
        thing.timeline().onSuspended(keeper.catchUp);
        keeper.over.thenRun(() -> thing.timeline().forget(keeper.catchUp));
        thing.within().ifPresent(outer -> outer.admit(keeper));
        return keeper;
    }

    Observation observation() {
        return thing.observation();
    }

    Timeline timeline() {
        return thing.timeline();
    }

    /** What it keeps, for messages. */
    String what() {
        return thing.what();
    }

    CompletableFuture<Void> over() {
        return over;
    }

    /** Its handle was forgotten. Stops renewing, and signals the loss. False if it had already stopped. */
    boolean abandon() {
        return lose("its handle was forgotten");
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
        return isGone;
    }

    /** How long it is certain to live. Zero once it is lost or closed. */
    Duration remaining() {
        if (loss().isPresent()) return Duration.ZERO;
        Duration own = ownRemaining();
        return thing.within().map(outer -> Moment.min(own, outer.remaining())).orElse(own);
    }

    /** Stops renewing. Everything that belongs to this is lost. */
    void stop() {
        end(Optional.empty(), false);
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
        route = Optional.empty();
        armLoss();
        renewAfter(provedAt.plus(thing.period()).remaining());
    }

    private synchronized void armLoss() {
        lossAlarm.cancel(false);
        lossAlarm = thing.timeline().after(lossAt().remaining(), this::loseIfLate);
    }

    private synchronized void renewAfter(Duration delay) {
        if (!isOver) nextRenewal = thing.timeline().after(delay, this::renew);
    }

    /** Timers do not count the time for which the machine was suspended. */
    private void catchUp() {
        loseIfLate();
        synchronized (this) {
            if (isOver) return;
            armLoss();
            if (nextRenewal.cancel(false))
                renewAfter(provedAt.plus(thing.period()).remaining());
        }
    }

    private void renew() {
        CompletableFuture<? extends Result<?>> attempt;
        String server;
        synchronized (this) {
            if (isOver) return;
            if (route.isEmpty()) route = Optional.of(Route.endless(thing.servers(), thing.timeline()));
            server = route.get().url();
            attempt = thing.renewal(server);
            renewal = attempt;
        }
        attempt.whenComplete((result, error) -> {
            if (error == null) {
                thing.servers().keep(server);
                prove(result.sentAt());
                thing.observation().tell(Type.RENEWED, Optional.empty());
            } else {
                notRenewed(Failures.of(error), server);
            }
        });
    }

    private void notRenewed(OctoStoreException error, String server) {
        if (error instanceof NotFoundException gone) {
            gone(gone);
            return;
        }
        // One that was cancelled says nothing about its server.
        if (isOver()) return;
        thing.observation().tell(Type.RENEWAL_FAILED, Optional.of(error));
        synchronized (this) {
            if (isOver) return;
            if (Failures.isFaultOfServer(error)) thing.servers().leave(server);
            Optional<Duration> pause = route.flatMap(attempts -> attempts.next(error, Duration.ZERO));
            renewAfter(Moment.min(thing.period(), pause.orElse(thing.period())));
        }
    }

    /** The server has reported that it has ended. */
    void gone(NotFoundException error) {
        String why = error instanceof LeaseBrokenException broken
                ? broken.brokenBy() + " broke it (\"" + broken.reason() + "\")"
                : "it has ended on the server";
        end(Optional.of(new LostException(thing.what() + " is lost: " + why, error)), true);
    }

    private void loseIfLate() {
        if (isLate()) lose("it could not be renewed in time");
    }

    private boolean lose(String why) {
        return end(Optional.of(new LostException(thing.what() + " is lost: " + why)), false);
    }

    private synchronized boolean isLate() {
        return !isOver && lossAt().hasPassed();
    }

    private void loseWithOuter() {
        boolean isSessionGone = thing.within().filter(Keeper::isGone).isPresent();
        end(Optional.of(new LostException(thing.what() + " is lost: its session has ended")), isSessionGone);
    }

    /** Stops, unless it has already stopped: then it returns false. */
    private boolean end(Optional<LostException> why, boolean hasServerEndedIt) {
        synchronized (this) {
            if (isOver) return false;
            isOver = true;
            loss = why;
            isGone = hasServerEndedIt;
            lossAlarm.cancel(false);
            nextRenewal.cancel(false);
            renewal.cancel(true);
        }
        thing.within().ifPresent(outer -> outer.inside.remove(this));
        inside.forEach(Keeper::loseWithOuter);
        // Programs attach their own actions to it, which must not delay the timer.
        why.ifPresent(reason -> {
            thing.observation().tell(Type.LOST, Optional.of(reason));
            lost.completeAsync(() -> reason, Background.workers());
        });
        over.complete(null);
        return true;
    }
}
