package io.octostore.client.internal;

import io.octostore.client.error.OctoStoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked
 * once, without a pause in between. Before each further round there is a pause, which grows. Not thread-safe.
 */
public final class Route {
    private static final Duration RETRY_AFTER_MAX = Duration.ofMillis(Rules.RETRY_AFTER_MS_MAX);
    /** A request that lasted this long has waited in line. */
    private static final Duration WAITED_MIN = Duration.ofSeconds(1);

    /** A server, and how long until it can be asked. */
    private record Choice(String url, Duration pause) {}

    private final Servers servers;
    private final Timeline timeline;
    private final Optional<Moment> patientUntil;
    private final Set<String> asked = new HashSet<>();
    /** Until when servers have asked to be left alone. */
    private final Map<String, Moment> busyUntil = new HashMap<>();

    private boolean isEndless;
    private String url;
    private int round = 1;
    /** How many rounds have failed since the pauses began to grow. */
    private int failures;

    private Route(Servers servers, Timeline timeline, Optional<Moment> patientUntil, boolean isEndless) {
        this.servers = servers;
        this.timeline = timeline;
        this.patientUntil = patientUntil;
        this.isEndless = isEndless;
        this.url = servers.current();
    }

    /**
     * The route of a call, which ends after some rounds.
     *
     * @param patientUntil until then it goes on after the last round, and waits for any {@code Retry-After} that ends
     *     by then
     */
    static Route limited(Servers servers, Timeline timeline, Optional<Moment> patientUntil) {
        return new Route(servers, timeline, patientUntil, false);
    }

    /** A route that never ends, and waits for any {@code Retry-After}. */
    public static Route endless(Servers servers, Timeline timeline) {
        return new Route(servers, timeline, Optional.empty(), true);
    }

    /** The server for the next attempt. */
    public String url() {
        return url;
    }

    /** An attempt has succeeded. If its connection breaks, the route begins again, and never ends. */
    public void restart() {
        servers.keep(url);
        isEndless = true;
        round = 1;
        failures = 0;
        asked.clear();
        busyUntil.clear();
    }

    /**
     * Goes on after a failed attempt.
     *
     * @param lasted how long the attempt took
     * @return the pause before the next one, or empty if there is none
     */
    public Optional<Duration> next(OctoStoreException error, Duration lasted) {
        if (patientUntil.isPresent() && lasted.compareTo(WAITED_MIN) >= 0) failures = 0;
        asked.add(url);
        busyUntil.put(url, timeline.now().plus(error.retryAfter().orElse(Duration.ZERO)));
        // Another server would say the same about a request that this one has understood.
        List<String> urls = Failures.isFaultOfServer(error) ? servers.fromCurrent() : List.of(url);
        Optional<Choice> choice = inThisRound(urls).or(() -> inNextRound(urls));
        choice.ifPresent(chosen -> url = chosen.url());
        return choice.map(Choice::pause);
    }

    private Optional<Choice> inThisRound(List<String> urls) {
        return soonest(urls.stream()
                .filter(other -> !asked.contains(other))
                .map(other -> choice(other, Duration.ZERO))
                .filter(this::isSoon));
    }

    private Optional<Choice> inNextRound(List<String> urls) {
        boolean isUsual = isEndless || round <= Rules.REPEATS_MAX;
        if (!isUsual && patience().isZero()) return Optional.empty();
        round++;
        failures++;
        asked.clear();
        Duration delay = Delays.after(failures, Optional.empty());
        Duration pause = isUsual ? delay : Moment.min(delay, patience());
        List<Choice> all = urls.stream().map(other -> choice(other, pause)).toList();
        return soonest(all.stream().filter(choice -> isEndless || isSoon(choice)));
    }

    private Duration patience() {
        return patientUntil.map(Moment::remaining).orElse(Duration.ZERO);
    }

    private boolean isSoon(Choice choice) {
        return choice.pause().compareTo(Moment.max(RETRY_AFTER_MAX, patience())) <= 0;
    }

    private Choice choice(String other, Duration pause) {
        Duration busy =
                Optional.ofNullable(busyUntil.get(other)).map(Moment::remaining).orElse(Duration.ZERO);
        return new Choice(other, Moment.max(pause, busy));
    }

    /** The first of those that can be asked soonest. */
    private static Optional<Choice> soonest(Stream<Choice> choices) {
        return choices.min(Comparator.comparing(Choice::pause));
    }
}
