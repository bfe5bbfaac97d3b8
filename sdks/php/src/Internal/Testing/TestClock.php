<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\Keeping\LossSignal;

/**
 * A clock that stands still until a test moves it. What is due on the way happens then: renewals, and what the test has planned.
 *
 * @internal
 */
final class TestClock
{
    private const BEGINS_AT_MS = 1_767_225_600_000.0;

    private const MOMENT_MS = 1.0;

    private float $nowMs = self::BEGINS_AT_MS;

    /** @var array<int, array{\WeakReference<Keeper>, float}> the keepers that renew, and when each may do so next */
    private array $keepers = [];

    /** @var list<\Fiber> what runs beside the test */
    private array $actors = [];

    /** @var list<array{\Fiber, float}> those of them that wait, and until when */
    private array $waiting = [];

    /** @var list<array{float, \Closure(): mixed}> what the test has planned */
    private array $plans = [];

    /** Since 1970, so that it serves as the clock of the server too. */
    public function nowMs(): float
    {
        return $this->nowMs;
    }

    public function add(Keeper $keeper): void
    {
        $this->keepers[spl_object_id($keeper)] = [\WeakReference::create($keeper), 0.0];
    }

    /** @param \Closure(): mixed $do */
    public function plan(float $inMs, \Closure $do): void
    {
        $this->plans[] = [$this->nowMs + $inMs, $do];
    }

    /** What the test has planned runs beside it: if that waits, this returns as soon as something has happened. */
    public function advance(float $ms): void
    {
        $untilMs = $this->nowMs + $ms;
        $current = \Fiber::getCurrent();
        if ($current !== null && in_array($current, $this->actors, true)) {
            $this->waiting[] = [$current, $untilMs];
            \Fiber::suspend();

            return;
        }
        // What the test has done since then may end their waits.
        $this->wake();
        while (($nextMs = $this->nextAtMs()) <= $untilMs) {
            $this->nowMs = max($this->nowMs, $nextMs);
            $this->doWhatIsDue();
        }
        // What was due may have waited for longer.
        $this->nowMs = max($this->nowMs, $untilMs);
        LossSignal::lookAround();
    }

    /** When something happens next. */
    public function nextAtMs(): float
    {
        $nextMs = min([INF, ...array_column($this->plans, 0), ...array_column($this->waiting, 1)]);
        foreach ($this->keepers as [$keeper, $notBeforeMs]) {
            $nextMs = min($nextMs, max($notBeforeMs, $keeper->get()?->nextAtMs() ?? INF));
        }

        return $nextMs;
    }

    private function doWhatIsDue(): void
    {
        foreach ($this->keepers as $id => [$reference, $notBeforeMs]) {
            $keeper = $reference->get();
            if ($keeper === null) {
                unset($this->keepers[$id]);
            } elseif (max($notBeforeMs, $keeper->nextAtMs()) <= $this->nowMs) {
                $this->keepers[$id][1] = $this->nowMs + self::MOMENT_MS;
                $keeper->keepAlive();
            }
        }
        $due = array_filter($this->plans, fn (array $plan): bool => $plan[0] <= $this->nowMs);
        $this->plans = array_values(array_diff_key($this->plans, $due));
        array_multisort(array_column($due, 0), $due);
        foreach ($due as [, $do]) {
            $actor = $this->actors[] = new \Fiber($do);
            $actor->start();
        }
        $this->wake();
    }

    private function wake(): void
    {
        [$waiting, $this->waiting] = [$this->waiting, []];
        foreach ($waiting as [$actor]) {
            $actor->resume();
        }
        $isRunning = static fn (\Fiber $actor): bool => !$actor->isTerminated();
        $this->actors = array_values(array_filter($this->actors, $isRunning));
    }
}
