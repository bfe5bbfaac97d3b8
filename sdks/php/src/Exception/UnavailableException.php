<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The server cannot handle the request now, and retries did not help. */
final class UnavailableException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Unavailable;
    }
}
