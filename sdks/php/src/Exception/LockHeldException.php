<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/**
 * You cannot have the lock now, and could not when the wait was over. `$errorCode` says why: `lock_held` if someone else holds it,
 * `lock_queued` if it is kept for clients that asked for it earlier, `lock_delayed` if it is kept from everyone for a while after its last
 * lease, `limit_mismatch` if it is in use with another limit.
 */
final class LockHeldException extends OctoStoreException
{
    /**
     * @param string $lock the name of the lock
     * @param ?string $holder login of the holder; null if no one holds the lock
     * @param \DateTimeImmutable $expiresAt when the lease expires unless the holder renews it; if no one holds the lock, how long it is
     *     kept at least
     * @param ?string $metadata the holder's note
     * @param ?int $position your place in line when your wait ended, from 1; only after a wait
     * @param ?int $waiters how many requests are still waiting for the lock; only after a wait
     * @param ?int $limit the limit with which a counted lock is in use
     */
    public function __construct(
        string $message,
        ErrorFacts $facts,
        public readonly string $lock,
        public readonly ?string $holder,
        public readonly ?string $holderId,
        public readonly \DateTimeImmutable $expiresAt,
        public readonly ?string $metadata,
        public readonly ?int $position,
        public readonly ?int $waiters,
        public readonly ?int $limit = null,
    ) {
        parent::__construct($message, $facts);
    }

    public function type(): ErrorType
    {
        return ErrorType::Held;
    }
}
