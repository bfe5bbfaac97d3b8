<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Calls\Route;
use OctoStore\Internal\Clock;
use OctoStore\StopToken;
use OctoStore\Value\ReleaseRequest;

/**
 * The renewals of one lock or session: every third of the TTL, and after a failure repeatedly until it may have expired.
 *
 * @internal
 */
final class Renewals
{
    private float $provedAtMs;
    private float $dueAtMs;
    /** Of the renewal that is under way. */
    private ?Route $route = null;
    private ?NotFoundException $gone = null;
    private ?LeaseFacts $facts = null;
    private ?OctoStoreException $failure = null;

    public function __construct(private readonly Renewable $thing)
    {
        $this->prove($thing->provedAtMs);
    }

    /** When there is something to do next, on the monotonic clock. */
    public function nextAtMs(): float
    {
        return min($this->dueAtMs, $this->lossAtMs());
    }

    /** The last known state, and what has failed since the last report. */
    public function report(): Report
    {
        $failure = $this->failure;
        $this->failure = null;

        return new Report($this->provedAtMs, $this->gone, $this->facts, $failure);
    }

    /** The latest request to release it, as of the last renewal. */
    public function releaseRequested(): ?ReleaseRequest
    {
        return $this->facts?->releaseRequested;
    }

    /** Whether it has ended, or counts as lost because its time is up. */
    public function isOver(): bool
    {
        return $this->gone !== null || Clock::nowMs() >= $this->lossAtMs();
    }

    /**
     * Makes one attempt, unless it is over.
     *
     * @throws \OctoStore\Exception\StoppedException if it is stopped
     */
    public function attempt(?StopToken $stop = null): void
    {
        if ($this->isOver()) {
            return;
        }
        $periodMs = $this->thing->lifetime->periodMs();
        $untilMs = min($this->lossAtMs(), Clock::nowMs() + $this->thing->lifetime->renewalTimeoutMs($this->thing->timeoutMs));
        $this->route ??= new Route($this->thing->servers, INF);
        try {
            $renewed = ($this->thing->renew)($this->route->server, $untilMs, $stop);
            // A response that a paused process reads too late no longer proves anything.
            if (Clock::nowMs() < $this->lossAtMs()) {
                $this->facts = $renewed->facts;
                $this->prove($renewed->sentAtMs);
            }
        } catch (LostException $error) {
            // A signal has called a listener of another loss, which throws it.
            throw $error;
        } catch (NotFoundException $error) {
            $this->gone = $error;
        } catch (OctoStoreException $error) {
            $this->failure = $error;
            $this->dueAtMs = Clock::nowMs() + min($periodMs, $this->route->next($error) ?? $periodMs);
        }
    }

    private function prove(float $sentAtMs): void
    {
        $this->provedAtMs = $sentAtMs;
        $this->dueAtMs = $sentAtMs + $this->thing->lifetime->periodMs();
        $this->route = null;
    }

    private function lossAtMs(): float
    {
        return $this->thing->lifetime->lossAtMs($this->provedAtMs);
    }
}
