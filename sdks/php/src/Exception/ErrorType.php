<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The kinds of errors, with the names that all OctoStore SDKs share. */
enum ErrorType: string
{
    case Held = 'held';
    case Stale = 'stale';
    case Authentication = 'authentication';
    case Validation = 'validation';
    case NotFound = 'not_found';
    case Limit = 'limit';
    case Permission = 'permission';
    case Unavailable = 'unavailable';
    case Server = 'server';
    case Network = 'network';
    case Timeout = 'timeout';
    case Signature = 'signature';
    case Lost = 'lost';
}
