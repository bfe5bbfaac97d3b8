<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

/**
 * Renews a lock or session until it is stopped or lost.
 *
 * @internal
 */
interface Renewer
{
    /**
     * The reports since the last call.
     *
     * @return list<Report>
     */
    public function news(): array;

    /** Renews now if a renewal is due, unless that happens in the background. */
    public function renewIfDue(): void;

    /** When there is something to do next for `renewIfDue()`, on the clock of leases. */
    public function nextAtMs(): float;

    /** Stops renewing. */
    public function stop(): void;
}
