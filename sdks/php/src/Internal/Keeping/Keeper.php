<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\ErrorFacts;
use OctoStore\Exception\LeaseBrokenException;
use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Signals;
use OctoStore\Renewal;
use OctoStore\Value\HandleEventType;
use OctoStore\Value\ReleaseRequest;

/**
 * Renews a lock or session, and signals its loss when it may have expired. It belongs to the process that created it: a copy in a fork of
 * that process only checks the clock.
 *
 * @internal
 */
final class Keeper
{
    private readonly Renewer $renewer;
    private readonly int $pid;
    private float $provedAtMs;
    private bool $isOver = false;
    private bool $isGone = false;
    private ?LostException $loss = null;

    /** @var list<array{HandleEventType, ?OctoStoreException}> what the observer does not know yet */
    private array $unobserved = [];

    /** @var list<\Closure(LostException): void> */
    private array $listeners = [];

    /** @throws ValidationException if the renewal is not possible here */
    public function __construct(private readonly Renewable $thing, private readonly Renewal $renewal)
    {
        $this->pid = getmypid();
        $this->provedAtMs = $thing->provedAtMs;
        $this->renewer = Signals::holdOff(static fn (): Renewer => match ($renewal) {
            Renewal::Background => new BackgroundRenewer($thing),
            Renewal::Cooperative => new CooperativeRenewer($thing),
        });
        Clock::ofTest()?->add($this);
    }

    public function __destruct()
    {
        LossSignal::forget($this);
    }

    /** Whether this is the process that created it. */
    public function isOwn(): bool
    {
        return getmypid() === $this->pid;
    }

    /** Checks the clock, so it is correct even right after the program was paused. */
    public function isLost(): bool
    {
        $this->look();

        return $this->loss !== null;
    }

    /** @throws LostException if it is lost */
    public function throwIfLost(): void
    {
        if ($this->isLost()) {
            // A new exception, so that its trace shows where it was thrown.
            throw new LostException($this->loss->getMessage(), self::factsOf($this->loss), $this->loss);
        }
    }

    /** How it was lost; null if it is not. */
    public function loss(): ?LostException
    {
        $this->look();

        return $this->loss;
    }

    /** Whether it is lost or was closed. */
    public function isOver(): bool
    {
        $this->look();

        return $this->isOver;
    }

    /** Whether the server has reported that it has ended. */
    public function isGone(): bool
    {
        $this->look();

        return $this->isGone;
    }

    /** Milliseconds for which it is certain to live. 0 once it is over. */
    public function remainingMs(): int
    {
        if ($this->isOver()) {
            return 0;
        }
        $ownMs = (int) max(0, $this->thing->lifetime->endsAtMs($this->provedAtMs) - Clock::nowMs());

        return min($ownMs, $this->thing->within?->remainingMs() ?? $ownMs);
    }

    /** When there is something to do next for `keepAlive()`, on the clock of leases. */
    public function nextAtMs(): float
    {
        return $this->isOver ? INF : $this->renewer->nextAtMs();
    }

    /** Renews if a renewal is due, unless that happens in the background. */
    public function keepAlive(): void
    {
        $this->thing->within?->keepAlive();
        $this->look();
        if (!$this->isOver && $this->isOwn()) {
            $this->renewer->renewIfDue();
        }
    }

    /** @param \Closure(LostException): void $listener called once: now if it is already lost, otherwise when it is lost */
    public function onLost(\Closure $listener): void
    {
        $this->listeners[] = $listener;
        if (!$this->isOver()) {
            LossSignal::listen($this, $this->renewal === Renewal::Background && $this->isOwn());
        }
        // It may have been lost earlier, or before the signal handler was installed.
        $this->look();
    }

    /** @param \Closure(ReleaseRequest): void $listener called once for each request to release the lock */
    public function onReleaseRequested(\Closure $listener): void
    {
        $this->thing->held?->listen($listener);
        if (!$this->isOver()) {
            LossSignal::listen($this, $this->renewal === Renewal::Background && $this->isOwn());
        }
        $this->look();
    }

    /** Signals a loss that a call other than a renewal has found out. */
    public function hasEnded(NotFoundException $cause): void
    {
        Signals::holdOff(fn () => $this->loseOnServer($cause));
        $this->look();
    }

    /** Tells the observer of the client, in the process that created this. */
    public function observe(HandleEventType $type, ?OctoStoreException $error = null): void
    {
        if ($this->isOwn()) {
            $this->thing->observation->tell($type, $error);
        }
    }

    /** Stops renewing. */
    public function stop(): void
    {
        Signals::holdOff(function (): void {
            if ($this->isOver) {
                return;
            }
            $this->isOver = true;
            LossSignal::forget($this);
            if ($this->isOwn()) {
                $this->renewer->stop();
            }
        });
    }

    private function look(): void
    {
        if (!$this->isOver) {
            $isOuterOver = $this->thing->within?->isOver() === true;
            Signals::holdOff(fn () => $this->takeIn($this->isOwn() ? $this->renewer->news() : [], $isOuterOver));
        }
        $this->tellObserver();
        if ($this->loss !== null) {
            $this->tellListeners();
        } elseif (!$this->isOver) {
            $this->thing->held?->tell();
        }
    }

    /** @param list<Report> $news */
    private function takeIn(array $news, bool $isOuterOver): void
    {
        foreach ($news as $report) {
            if ($report->failure !== null) {
                $this->unobserved[] = [HandleEventType::RenewalFailed, $report->failure];
            }
            if ($report->provedAtMs > $this->provedAtMs) {
                $this->unobserved[] = [HandleEventType::Renewed, null];
            }
            $this->provedAtMs = $report->provedAtMs;
            if ($report->facts !== null) {
                $this->thing->held?->renewed($report->facts, $report->provedAtMs);
            }
            if ($report->gone !== null) {
                $this->loseOnServer($report->gone);
            }
        }
        if ($isOuterOver && !$this->isOver) {
            $this->isGone = $this->thing->within->isGone();
            $this->lose('its session has ended');
        }
        if (Clock::nowMs() >= $this->thing->lifetime->lossAtMs($this->provedAtMs)) {
            $this->lose('it could not be renewed in time');
        }
    }

    private function loseOnServer(NotFoundException $cause): void
    {
        $this->isGone = true;
        $this->lose(match (true) {
            $cause instanceof LeaseBrokenException => "$cause->brokenBy has broken it ($cause->reason)",
            default => 'it has ended on the server',
        }, $cause);
    }

    private function lose(string $why, ?NotFoundException $cause = null): void
    {
        if (!$this->isOver) {
            $facts = $cause === null ? new ErrorFacts() : self::factsOf($cause);
            $this->unobserved[] = [HandleEventType::Lost, null];
            $this->loss = new LostException("{$this->thing->what} is lost: $why.", $facts, $cause);
            $this->stop();
        }
    }

    private function tellObserver(): void
    {
        while (($event = array_shift($this->unobserved)) !== null) {
            [$type, $error] = $event;
            $this->observe($type, $error ?? ($type === HandleEventType::Lost ? $this->loss : null));
        }
    }

    private function tellListeners(): void
    {
        while (($listener = array_shift($this->listeners)) !== null) {
            $listener($this->loss);
        }
    }

    private static function factsOf(NotFoundException $error): ErrorFacts
    {
        return new ErrorFacts($error->errorCode, $error->status, $error->requestId);
    }
}
