<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** You are not allowed to do this. */
final class PermissionException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Permission;
    }
}
