<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** You may not do that. */
final class PermissionException extends OctoStoreException
{
    public function type(): ErrorType
    {
        return ErrorType::Permission;
    }
}
