<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\LimitException;
use OctoStore\Exception\LostException;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\PermissionException;
use OctoStore\Exception\ServerException;
use OctoStore\Exception\TimeoutException;
use OctoStore\Exception\UnavailableException;
use OctoStore\Exception\ValidationException;

/**
 * What an error says about trying again.
 *
 * @internal
 */
final class Repeating
{
    /** The codes of a 503 to a request that has had no effect. */
    private const NOTHING_DONE = ['no_leader', 'shutting_down'];

    /** Whether retrying cannot help, with the same request or another one. */
    public static function isFinal(OctoStoreException $error): bool
    {
        return match (true) {
            // Another request gets another lease.
            self::isBroken($error) => false,
            $error instanceof LimitException => $error->status !== 429,
            $error instanceof AuthenticationException,
            $error instanceof NotFoundException,
            $error instanceof PermissionException,
            $error instanceof ValidationException => true,
            default => false,
        };
    }

    /** Whether another server may well answer the same request properly. */
    public static function isFaultOfServer(OctoStoreException $error): bool
    {
        return match (true) {
            $error instanceof NetworkException,
            $error instanceof TimeoutException,
            $error instanceof ServerException,
            $error instanceof UnavailableException => true,
            default => false,
        };
    }

    /** @phpstan-assert-if-true OctoStoreException $error */
    public static function mayRepeat(\Throwable $error, bool $isSafe): bool
    {
        return self::isTransient($error) && ($isSafe || self::wasWithoutEffect($error));
    }

    /** Whether something has ended. A lease that someone else has broken is not: no attempt of our own can have done that. */
    public static function isGone(\Throwable $error): bool
    {
        return $error instanceof NotFoundException && !self::isOfListener($error) && !self::isBroken($error);
    }

    /** Whether it comes from a listener of another loss, which a signal has called. No response is such an error. */
    private static function isOfListener(\Throwable $error): bool
    {
        return $error instanceof LostException;
    }

    private static function isBroken(OctoStoreException $error): bool
    {
        return $error->errorCode === 'lease_broken';
    }

    /** Whether it is certain that the server has not begun with the request. */
    private static function wasWithoutEffect(\Throwable $error): bool
    {
        return match (true) {
            $error instanceof NetworkException => !$error->wasSent,
            $error instanceof UnavailableException => in_array($error->errorCode, self::NOTHING_DONE, true),
            default => false,
        };
    }

    /** Whether the same request may well succeed a moment later. */
    private static function isTransient(\Throwable $error): bool
    {
        return match (true) {
            $error instanceof NetworkException,
            $error instanceof TimeoutException,
            $error instanceof UnavailableException => true,
            $error instanceof LimitException => $error->status === 429,
            // A successful response that could not be read.
            $error instanceof ServerException => $error->status !== null && $error->status < 300,
            default => false,
        };
    }

    /** Whether the server may have done it despite the error. Any error from outside this library came in the middle of the call. */
    public static function leavesUnknown(\Throwable $error): bool
    {
        return match (true) {
            $error instanceof NetworkException,
            $error instanceof UnavailableException => !self::wasWithoutEffect($error),
            $error instanceof TimeoutException,
            $error instanceof ServerException => true,
            default => !$error instanceof OctoStoreException || self::isOfListener($error),
        };
    }
}
