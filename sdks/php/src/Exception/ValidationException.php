<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The request is not valid; the library has refused it before sending, or the server has. */
final class ValidationException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Validation;
    }
}
