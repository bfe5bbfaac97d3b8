<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\LimitException;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\PermissionException;
use OctoStore\Exception\ServerException;
use OctoStore\Exception\TimeoutException;
use OctoStore\Exception\UnavailableException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Backoff;
use OctoStore\Internal\Bearer;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Http\Outcomes;
use OctoStore\Internal\Http\Transport;
use OctoStore\Rules;

/**
 * Makes calls and retries them where that is safe.
 *
 * @internal
 */
final readonly class Caller
{
    public function __construct(public Transport $transport, public Bearer $bearer)
    {
    }

    /**
     * @template T
     * @param Call<T> $call
     * @return Result<T>
     * @throws OctoStoreException the error of the last attempt
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function call(Call $call): Result
    {
        $startedAtMs = Clock::nowMs();
        for ($failures = 1;; $failures++) {
            $wasUnknown = $call->outcome->isUnknown;
            try {
                return $this->attempt($call);
            } catch (\Throwable $error) {
                if ($wasUnknown && $call->goneIsDone && $error instanceof NotFoundException) {
                    return new Result(null, $startedAtMs);
                }
                $call->outcome->isUnknown = $wasUnknown || self::leavesUnknown($error);
                if ($failures > Rules::REPEATS_MAX || !self::mayRepeat($error, $call->isSafe)) {
                    throw $error;
                }
                Clock::pause(Backoff::delayMs($failures, $error->retryAfterMs), $call->stop);
            }
        }
    }

    /**
     * One attempt. It is sent again only if the token was replaced.
     *
     * @template T
     * @param Call<T> $call
     * @return Result<T>
     */
    public function attempt(Call $call): Result
    {
        do {
            $request = $call->request();
            $token = $this->bearer->token();
            $answer = $this->transport->exchange($request, $token, $call->stop);
            $untilMs = $this->transport->untilMs($request, $answer->sentAtMs);
        } while ($answer->status === 401 && $this->bearer->awaitReplacement($token, $untilMs, $call->stop));

        return new Result(Outcomes::valueOf($answer, $call->read), $answer->sentAtMs);
    }

    /** Whether retrying cannot help, with the same request or another one. */
    public static function isFinal(OctoStoreException $error): bool
    {
        return match (true) {
            $error instanceof LimitException => $error->status !== 429,
            $error instanceof AuthenticationException,
            $error instanceof NotFoundException,
            $error instanceof PermissionException,
            $error instanceof ValidationException => true,
            default => false,
        };
    }

    /** @phpstan-assert-if-true OctoStoreException $error */
    public static function mayRepeat(\Throwable $error, bool $isSafe): bool
    {
        if (!self::isTransient($error) || ($error->retryAfterMs ?? 0) > Rules::RETRY_AFTER_MS_MAX) {
            return false;
        }

        return $isSafe || ($error instanceof NetworkException && !$error->wasSent);
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
    private static function leavesUnknown(\Throwable $error): bool
    {
        return match (true) {
            $error instanceof NetworkException => $error->wasSent,
            $error instanceof TimeoutException,
            $error instanceof ServerException,
            $error instanceof UnavailableException => true,
            default => !$error instanceof OctoStoreException,
        };
    }
}
