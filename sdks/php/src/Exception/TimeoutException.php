<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The whole response did not arrive in time. */
final class TimeoutException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Timeout;
    }
}
