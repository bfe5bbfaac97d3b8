<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Value\ReleaseRequest;

/**
 * What is known about the lease of a handle. It does not refer to the handle, which would keep that from being destroyed.
 *
 * @internal
 */
final class Held
{
    /** When the last conversion ended, on the clock of leases. A renewal that was sent before may be out of date. */
    private float $convertedAtMs = -INF;

    /** @var list<array{\Closure(ReleaseRequest): void, ?ReleaseRequest}> each with the last request that it was told of */
    private array $listeners = [];

    public function __construct(public readonly string $leaseId, private LeaseFacts $facts)
    {
    }

    public function facts(): LeaseFacts
    {
        return $this->facts;
    }

    /** Takes over what a renewal says that was sent at a given time. */
    public function renewed(LeaseFacts $facts, float $sentAtMs): void
    {
        $this->facts = $sentAtMs < $this->convertedAtMs ? $this->facts->withNotices($facts) : $facts;
    }

    /**
     * Takes over what a conversion has changed.
     *
     * @param ?LeaseFacts $facts null if its outcome is unknown: then the next renewal tells
     */
    public function converted(?LeaseFacts $facts, float $nowMs): void
    {
        $this->convertedAtMs = $nowMs;
        if ($facts !== null) {
            $this->facts = $facts->withNotices($this->facts);
        }
    }

    /** @param \Closure(ReleaseRequest): void $listener called once for each request */
    public function listen(\Closure $listener): void
    {
        $this->listeners[] = [$listener, null];
    }

    /** Tells the listeners of a request that they do not know of. */
    public function tell(): void
    {
        $request = $this->facts->releaseRequested;
        foreach ($this->listeners as $index => [$listener, $told]) {
            // By value: each renewal shows it again.
            if ($request !== null && $request != $told) {
                $this->listeners[$index][1] = $request;
                $listener($request);
            }
        }
    }
}
