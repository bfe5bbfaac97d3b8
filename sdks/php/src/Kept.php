<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\OpenHandles;
use OctoStore\Internal\Process;
use OctoStore\Value\HandleEventType;

/** What `Lock` and `Session` have in common: they are renewed until you close or lose them. */
trait Kept
{
    /** @internal keeps it alive */
    public readonly Keeper $keeper;

    private bool $isEnded = false;

    private float $closeUntilMs = INF;

    /** Ends it when no one has a reference any more. */
    public function __destruct()
    {
        $this->close();
    }

    /** Whether it is lost. True before anyone else can get it, or a lock held in it. Checks the clock, not the server. */
    public function isLost(): bool
    {
        return $this->keeper->isLost();
    }

    /** @throws LostException if it is lost */
    public function throwIfLost(): void
    {
        $this->keeper->throwIfLost();
    }

    /** Milliseconds for which it is certain to be yours. 0 once it is lost or ended. */
    public function remainingMs(): int
    {
        return $this->keeper->remainingMs();
    }

    /**
     * Renews it if that is due and is not done in the background (see `Renewal`). A lock also renews its session.
     *
     * @throws LostException if it is lost
     */
    public function keepAlive(): void
    {
        $this->keeper->keepAlive();
        $this->keeper->throwIfLost();
    }

    /**
     * Calls a function as soon as it is lost, at most once. With background renewal, this interrupts whatever the program is doing: a
     * signal (`SIGURG`, with `pcntl_async_signals` turned on) interrupts `sleep`, `stream_select` and similar calls. An exception from
     * the function is thrown in the interrupted code. With `Renewal::Cooperative`, it is called when you next use the handle.
     *
     * @param callable(LostException): void $listener
     */
    public function onLost(callable $listener): void
    {
        $this->keeper->onLost($listener(...));
    }

    /**
     * Ends it, in no more time than what is left of it. Never fails: if it cannot be ended, it expires on its own. Throws only what a
     * listener of a loss throws meanwhile.
     */
    abstract public function close(): void;

    /**
     * Like `close()`, but takes no longer than until then.
     *
     * @internal
     * @param float $untilMs on the clock of leases
     */
    public function closeBy(float $untilMs): void
    {
        $this->closeUntilMs = $untilMs;
        $this->close();
    }

    /**
     * What dumps show: no lease id.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return [...$this->facts(), 'isLost' => $this->isLost(), 'remainingMs' => $this->remainingMs()];
    }

    /** @return array<string, mixed> what identifies it, without secrets */
    abstract private function facts(): array;

    /** How much of it is left: `12.3 s left`, `lost` or `closed`. */
    private function leftText(): string
    {
        return match (true) {
            $this->isLost() => 'lost',
            $this->isEnded => 'closed',
            default => sprintf('%.1F s left', $this->remainingMs() / 1000),
        };
    }

    /**
     * Takes no longer than what is left of it. Sends nothing if the server already knows.
     *
     * @param \Closure(Limits): void $end tells the server; throws `NotFoundException` if it was already lost
     * @throws OctoStoreException if the server cannot be reached in time
     */
    private function endOnce(\Closure $end): void
    {
        if ($this->isEnded || !$this->keeper->isOwn()) {
            return;
        }
        try {
            // If it was lost, its listeners hear of that now, and may throw.
            $this->keeper->isLost();
        } finally {
            $this->endNow($end);
        }
    }

    /** @param \Closure(Limits): void $end */
    private function endNow(\Closure $end): void
    {
        [$isGone, $isLost] = [$this->keeper->isGone(), $this->keeper->isLost()];
        $deadlineMs = min($this->closeUntilMs, Clock::nowMs() + $this->keeper->remainingMs());
        $this->keeper->stop();
        $this->isEnded = true;
        OpenHandles::remove($this);
        if ($isGone) {
            return;
        }
        $failure = null;
        try {
            if (!$isLost) {
                $end(new Limits($deadlineMs));
            } elseif (!Process::detach(static fn () => $end(Limits::brief()))) {
                $end(Limits::brief());
            }
        } catch (LostException $error) {
            // From a listener of another loss.
            throw $error;
        } catch (NotFoundException) {
            // It was lost, which no one knew.
        } catch (OctoStoreException $error) {
            $failure = $error;
        }
        if (!$isLost) {
            $this->keeper->observe(HandleEventType::Released, $failure);
        }
        if (!$isLost && $failure !== null) {
            throw $failure;
        }
    }
}
