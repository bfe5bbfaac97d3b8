<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Clock;
use OctoStore\Internal\WatchStream;
use OctoStore\Value\Update;

/**
 * The updates of one watch. After a disconnect, it resumes without a gap or a repeat. Use it from one consumer only; leaving its
 * `foreach` ends the watch.
 *
 * @implements \IteratorAggregate<int, Update>
 */
final class Watch implements \IteratorAggregate
{
    /** How long the watch waits for the network before it checks for other things. */
    private const LOOK_EVERY_MS = 1000.0;

    /** @var \Generator<int, ?Update> yields null whenever it has waited for a while */
    private \Generator $updates;

    private bool $isStarted = false;

    /** @internal created by `Client::watch()` and `Client::watchPrefix()` */
    public function __construct(private readonly WatchStream $stream, private readonly ?StopToken $stop)
    {
        $this->updates = $stream->updates();
    }

    /**
     * Every update as it arrives, until the watch is closed or stopped.
     *
     * @return \Generator<int, Update>
     * @throws OctoStoreException if the server refuses the watch, for example because the token is no longer valid
     */
    public function getIterator(): \Generator
    {
        try {
            while (($update = $this->nextWithin(INF)) !== null) {
                yield $update;
            }
        } finally {
            $this->close();
        }
    }

    /**
     * The next update if it arrives within that many seconds, or null if none does or the watch is over. 0 returns only what is already
     * there. Updates that arrive later are not missed. For programs that have other things to do than wait.
     *
     * @throws OctoStoreException if the server refuses the watch, for example because the token is no longer valid
     */
    public function poll(int|float $seconds = 0): ?Update
    {
        return $this->nextWithin(1000 * $seconds);
    }

    /** Ends the watch, its connection and any iteration. */
    public function close(): void
    {
        // Dropping the generator ends it, and its connection too.
        $this->updates = (static fn (): \Generator => yield from [])();
    }

    private function nextWithin(float $ms): ?Update
    {
        $untilMs = Clock::nowMs() + $ms;
        do {
            if ($this->stop?->isStopped() === true) {
                $this->close();
            }
            $update = $this->advance(max(0.0, $untilMs - Clock::nowMs()));
        } while ($update === null && $this->updates->valid() && Clock::nowMs() < $untilMs);

        return $update;
    }

    private function advance(float $maxMs): ?Update
    {
        $this->stream->patienceMs = min($maxMs, $this->stop === null ? self::LOOK_EVERY_MS : Clock::LOOK_EVERY_MS);
        if ($this->isStarted) {
            $this->updates->next();
        }
        $this->isStarted = true;

        return $this->updates->valid() ? $this->updates->current() : null;
    }
}
