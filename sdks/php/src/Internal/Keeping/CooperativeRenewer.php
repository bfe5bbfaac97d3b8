<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Internal\Clock;

/**
 * Renews in the program's own calls.
 *
 * @internal
 */
final class CooperativeRenewer implements Renewer
{
    private readonly Renewals $renewals;

    /** @var list<Report> */
    private array $news = [];

    public function __construct(Renewable $thing)
    {
        $this->renewals = new Renewals($thing);
    }

    public function news(): array
    {
        $news = $this->news;
        $this->news = [];

        return $news;
    }

    public function renewIfDue(): void
    {
        if (Clock::nowMs() >= $this->renewals->nextAtMs()) {
            $this->renewals->attempt();
            $this->news = [$this->renewals->report()];
        }
    }

    public function nextAtMs(): float
    {
        return $this->renewals->nextAtMs();
    }

    public function stop(): void
    {
    }
}
