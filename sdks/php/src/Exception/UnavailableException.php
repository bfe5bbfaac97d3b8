<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The server cannot do it now, also not after some repeats. */
final class UnavailableException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Unavailable;
    }
}
