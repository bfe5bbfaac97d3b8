<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The lease, session, webhook or delivery does not exist, no longer exists, or is not yours. */
class NotFoundException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::NotFound;
    }
}
