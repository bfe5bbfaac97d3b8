<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

/**
 * Renews a thing until it is stopped or the thing is lost.
 *
 * @internal
 */
interface Renewer
{
    /**
     * What has become known since the last time.
     *
     * @return list<Report>
     */
    public function news(): array;

    /** Renews now what is due now, unless that happens in the background. */
    public function renewIfDue(): void;

    /** Renews no more. */
    public function stop(): void;
}
