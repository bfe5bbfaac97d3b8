<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Internal\Leases\LeaseRoutes;
use OctoStore\Internal\Leases\Renewal;
use OctoStore\Rules;
use OctoStore\StopToken;

/**
 * The parameters of an acquire.
 *
 * @internal
 */
final readonly class Wish
{
    public string $leaseId;

    /** When the wait is over, on the clock of leases. */
    public float $untilMs;

    /**
     * @param bool $isGivenUpBriefly whether one short attempt to release the lease is enough if the acquire is given up
     * @throws \OctoStore\Exception\ValidationException
     */
    public function __construct(
        public LeaseRoutes $routes,
        public int $ttlSeconds,
        public int|float $waitSeconds = 0,
        public ?string $metadata = null,
        public ?string $sessionId = null,
        ?string $leaseId = null,
        public ?StopToken $stop = null,
        public int $waitSliceSeconds = Rules::WAIT_SLICE_SECONDS_DEFAULT,
        public bool $isGivenUpBriefly = false,
        public bool $proof = false,
        private ?int $lockDelaySeconds = null,
        private ?int $minHoldSeconds = null,
    ) {
        Checks::ttl($ttlSeconds);
        Checks::wait($waitSeconds);
        Checks::waitSlice($waitSliceSeconds);
        Checks::cooling($lockDelaySeconds, $minHoldSeconds, $ttlSeconds);
        $this->leaseId = $leaseId ?? self::uuid();
        $this->untilMs = Clock::nowMs() + 1000 * $waitSeconds;
    }

    /** @return array<string, mixed> what the request says about the lease, whatever it locks */
    public function body(): array
    {
        return [
            'ttl_seconds' => $this->ttlSeconds,
            'lease_id' => $this->leaseId,
            'metadata' => $this->metadata,
            'session_id' => $this->sessionId,
            'proof' => $this->proof ?: null,
            'lock_delay_seconds' => $this->lockDelaySeconds,
            'min_hold_seconds' => $this->minHoldSeconds,
        ];
    }

    /** The renewals of the lease. */
    public function renewal(): Renewal
    {
        return new Renewal($this->routes, $this->leaseId, $this->ttlSeconds, $this->proof);
    }

    /** A random UUID. */
    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);

        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
