<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** There was no connection, or it broke before the whole answer had come. */
final class NetworkException extends OctoStoreException
{
    /** @param bool $wasSent whether the request can have reached the server */
    public function __construct(string $message, public readonly bool $wasSent)
    {
        parent::__construct($message);
    }

    public function type(): ErrorType
    {
        return ErrorType::Network;
    }
}
