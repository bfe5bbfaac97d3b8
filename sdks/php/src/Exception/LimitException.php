<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** You have as many locks or sessions as allowed, or ask too often. */
final class LimitException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Limit;
    }
}
