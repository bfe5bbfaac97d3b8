<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** Any other unsuccessful response, or one that cannot be read. */
final class ServerException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Server;
    }
}
