<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** An answer that is no success and nothing of the other kinds, or that cannot be understood. */
final class ServerException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Server;
    }
}
