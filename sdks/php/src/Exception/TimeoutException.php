<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The whole answer did not come in time. */
final class TimeoutException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Timeout;
    }
}
