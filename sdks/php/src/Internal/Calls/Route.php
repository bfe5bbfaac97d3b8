<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Backoff;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Servers;
use OctoStore\Rules;

/**
 * Which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked once, without a pause
 * in between. Before each further round there is a pause, which grows.
 *
 * @internal
 */
final class Route
{
    /** The server for the next attempt. */
    public string $server;

    private int $round = 1;

    /** @var array<string, true> the servers that were asked in this round */
    private array $asked = [];

    /** @var array<string, float> until when servers have asked to be left alone, on the clock of leases */
    private array $busyUntilMs = [];

    /**
     * It ends after some rounds, but not before a given time. Until then, and if the rounds never end, it waits for any `Retry-After`. A
     * pause that would outlast that time ends then.
     *
     * @param float $untilMs on the clock of leases
     */
    public function __construct(
        private readonly Servers $servers,
        private float $roundsMax = 1 + Rules::REPEATS_MAX,
        private readonly float $untilMs = -INF,
    ) {
        $this->server = $servers->current();
    }

    /** Begins with the first round again, such as after an answer. */
    public function restart(): void
    {
        [$this->round, $this->asked, $this->busyUntilMs] = [1, [], []];
    }

    /** Goes on for as long as it takes from now on, at first with the server that has just answered. */
    public function neverEnd(): void
    {
        $this->servers->keep($this->server);
        $this->roundsMax = INF;
        $this->restart();
    }

    /** Goes on after a failed attempt. Returns the milliseconds before the next one, null if there is none. */
    public function next(OctoStoreException $error): ?float
    {
        $nowMs = Clock::nowMs();
        $this->asked[$this->server] = true;
        $this->busyUntilMs[$this->server] = $nowMs + ($error->retryAfterMs ?? 0);
        // Another server would say the same about a request that this one has understood.
        $candidates = Repeating::isFaultOfServer($error) ? $this->servers->fromCurrent() : [$this->server];
        $delays = $this->inThisRound($candidates, $nowMs) ?: $this->inNextRound($candidates, $nowMs);
        if ($delays === []) {
            return null;
        }
        $delayMs = min($delays);
        $this->server = (string) array_search($delayMs, $delays, true);

        return $delayMs;
    }

    /**
     * @param list<string> $candidates
     * @return array<string, float> the delays in milliseconds, by servers
     */
    private function inThisRound(array $candidates, float $nowMs): array
    {
        $unasked = array_filter($candidates, fn (string $server): bool => !isset($this->asked[$server]));

        return self::soon($this->delays($unasked, $nowMs, 0.0));
    }

    /**
     * @param list<string> $candidates
     * @return array<string, float>
     */
    private function inNextRound(array $candidates, float $nowMs): array
    {
        $pauseMs = Backoff::delayMs($this->round);
        if ($nowMs < $this->untilMs) {
            $pauseMs = min($pauseMs, $this->untilMs - $nowMs);
        }
        $delays = $this->delays($candidates, $nowMs, $pauseMs);
        if ($this->roundsMax !== INF) {
            $isUsual = $this->round < $this->roundsMax;
            $within = array_filter($delays, fn (float $delayMs): bool => $delayMs <= $this->untilMs - $nowMs);
            $delays = $isUsual ? [...$within, ...self::soon($delays)] : $within;
        }
        $this->round++;
        $this->asked = [];

        return self::soon($delays) ?: $delays;
    }

    /**
     * @param list<string> $servers
     * @return array<string, float>
     */
    private function delays(array $servers, float $nowMs, float $pauseMs): array
    {
        $delays = [];
        foreach ($servers as $server) {
            $delays[$server] = max($pauseMs, ($this->busyUntilMs[$server] ?? 0.0) - $nowMs);
        }

        return $delays;
    }

    /**
     * @param array<string, float> $delays
     * @return array<string, float> those for which a call may always wait
     */
    private static function soon(array $delays): array
    {
        return array_filter($delays, static fn (float $delayMs): bool => $delayMs <= Rules::RETRY_AFTER_MS_MAX);
    }
}
