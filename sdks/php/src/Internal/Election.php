<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\LostException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\StoppedException;
use OctoStore\Internal\Calls\Repeating;
use OctoStore\Lock;
use OctoStore\StopToken;

/**
 * Campaigns and leads in turn.
 *
 * @internal
 */
final readonly class Election
{
    /**
     * @param \Closure(): Lock $hold waits for the lock for as long as it takes
     * @param \Closure(Lock, \Closure(): bool): mixed $lead
     */
    public function __construct(
        private \Closure $hold,
        private \Closure $lead,
        private ?StopToken $stop,
    ) {
    }

    /** Ends when it is stopped, after leading once if you asked for that, or with an error that retrying cannot fix. */
    public function run(bool $once): void
    {
        try {
            do {
                $this->leadWith($this->campaign());
            } while (!$once && $this->stop?->isStopped() !== true);
        } catch (StoppedException $stopped) {
            if ($this->stop?->isStopped() !== true) {
                throw $stopped;
            }
        }
    }

    /** The lock once it is acquired. */
    private function campaign(): Lock
    {
        for ($failures = 0;;) {
            try {
                return ($this->hold)();
            } catch (OctoStoreException $error) {
                if (Repeating::isFinal($error)) {
                    throw $error;
                }
                $failures++;
                Clock::pause(Backoff::delayMs($failures, $error->retryAfterMs), $this->stop);
            }
        }
    }

    private function leadWith(Lock $lock): void
    {
        $shouldStop = fn (): bool => self::isLost($lock) || $this->stop?->isStopped() === true;
        try {
            ($this->lead)($lock, $shouldStop);
        } catch (LostException $error) {
            // It may come from another lock that the leader holds.
            if (!$lock->isLost()) {
                throw $error;
            }
        } finally {
            $lock->close();
        }
    }

    /** With cooperative renewal, this also renews the lock. */
    private static function isLost(Lock $lock): bool
    {
        try {
            $lock->keepAlive();

            return false;
        } catch (LostException) {
            return true;
        }
    }
}
