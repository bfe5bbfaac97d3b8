<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/**
 * A lock was lost while the function of `Client::withLock()` ran, so someone else may have held it meanwhile. The function itself did not
 * fail. `getPrevious()` says how the lock was lost.
 */
final class LockLostException extends OctoStoreException
{
    /**
     * @param string $lock the name of the lock
     * @param mixed $result what the function has returned
     */
    public function __construct(public readonly string $lock, LostException $loss, public readonly mixed $result)
    {
        parent::__construct(
            "{$loss->getMessage()} This was while its function ran, so someone else may have held it meanwhile.",
            new ErrorFacts($loss->errorCode, $loss->status, $loss->requestId),
            $loss,
        );
    }

    public function type(): ErrorType
    {
        return ErrorType::Lost;
    }
}
