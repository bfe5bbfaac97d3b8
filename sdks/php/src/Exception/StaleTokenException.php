<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** A fence has seen a higher fencing token: someone else holds the lock. Stop. */
final class StaleTokenException extends OctoStoreException
{
    /** @param int $highest the highest fencing token that the fence has seen */
    public function __construct(string $message, ErrorFacts $facts, public readonly int $highest)
    {
        parent::__construct($message, $facts);
    }

    public function type(): ErrorType
    {
        return ErrorType::Stale;
    }
}
