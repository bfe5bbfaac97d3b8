<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Internal\Clock;
use OctoStore\StopToken;
use OctoStore\Value\ReleaseRequest;

/**
 * What the child process of a `BackgroundRenewer` does.
 *
 * @internal
 */
final class RenewalLoop
{
    /** What the parent writes to ask for the time of the last renewal. */
    public const QUESTION = '?';

    /** How often the clock is checked, in case the machine was suspended. */
    private const LOOK_EVERY_MS = 1000.0;

    private readonly Renewals $renewals;

    /** The last request to release it that the parent has been told. */
    private ?ReleaseRequest $passedOn = null;

    /**
     * @param resource $channel to the parent
     * @param int $parent its process id
     */
    public function __construct(
        Renewable $thing,
        private $channel,
        private readonly int $parent,
    ) {
        $this->renewals = new Renewals($thing);
        stream_set_blocking($channel, false);
    }

    /**
     * Returns when the lock or session is lost and the parent has been told, or when the parent is gone.
     *
     * @throws \OctoStore\Exception\StoppedException if the parent ends while a renewal is under way
     */
    public function run(): void
    {
        $parentIsGone = StopToken::when(fn (): bool => !$this->attend(0));
        while ($this->attendUntil($this->renewals->nextAtMs())) {
            $this->renewals->attempt($parentIsGone);
            if ($this->renewals->isOver()) {
                $this->tell();
                LossSignal::send($this->parent);

                return;
            }
            $this->passOnRequest();
        }
    }

    /** By value: each renewal shows the request again. */
    private function passOnRequest(): void
    {
        $request = $this->renewals->releaseRequested();
        if ($request !== null && $request != $this->passedOn) {
            $this->passedOn = $request;
            $this->tell();
            LossSignal::send($this->parent);
        }
    }

    /** False as soon as the parent is gone. */
    private function attendUntil(float $untilMs): bool
    {
        do {
            // A pause does not count the time for which the machine is suspended, so it must be short.
            $leftMs = min(self::LOOK_EVERY_MS, max(0.0, $untilMs - Clock::nowMs()));
            if (!$this->attend($leftMs)) {
                return false;
            }
        } while (Clock::nowMs() < $untilMs);

        return true;
    }

    /** Answers a question that arrives within that time. False if the parent is gone. */
    private function attend(float $withinMs): bool
    {
        [$read, $write, $except] = [[$this->channel], null, null];
        $us = (int) ceil(1000 * $withinMs);
        if (@stream_select($read, $write, $except, intdiv($us, 1_000_000), $us % 1_000_000) === 1) {
            if ((string) fread($this->channel, 64) === '') {
                return false;
            }
            $this->tell();
        }

        // Other processes that the parent started may still hold its end of the channel.
        return posix_getppid() === $this->parent;
    }

    private function tell(): void
    {
        @fwrite($this->channel, $this->renewals->report()->encode() . "\n");
    }
}
