<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The request is not valid. The library refused it before sending, or the server did. */
final class ValidationException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Validation;
    }
}
