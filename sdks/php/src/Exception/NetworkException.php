<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** There was no connection, or it broke before the whole response arrived. */
final class NetworkException extends OctoStoreException
{
    /** @param bool $wasSent whether the request may have reached the server */
    public function __construct(string $message, public readonly bool $wasSent)
    {
        parent::__construct($message);
    }

    public function type(): ErrorType
    {
        return ErrorType::Network;
    }
}
