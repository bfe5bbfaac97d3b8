<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** Someone else holds the lock, and still did when the wait was over. */
final class LockHeldException extends OctoStoreException
{
    /**
     * @param string $holder login of the holder
     * @param \DateTimeImmutable $expiresAt when the lease expires unless the holder renews it
     * @param ?string $metadata the holder's note
     */
    public function __construct(
        string $message,
        ErrorFacts $facts,
        public readonly string $holder,
        public readonly string $holderId,
        public readonly \DateTimeImmutable $expiresAt,
        public readonly ?string $metadata,
    ) {
        parent::__construct($message, $facts);
    }

    public function type(): ErrorType
    {
        return ErrorType::Held;
    }
}
