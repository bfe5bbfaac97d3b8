<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** You have reached a limit, or send requests too often. */
final class LimitException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Limit;
    }
}
