<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The token is missing, mistyped, rotated or revoked. */
final class AuthenticationException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Authentication;
    }
}
