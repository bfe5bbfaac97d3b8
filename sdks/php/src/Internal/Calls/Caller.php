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
use OctoStore\Internal\Bearer;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Http\Outcomes;
use OctoStore\Internal\Http\Transport;

/**
 * Makes calls and retries them where that is safe.
 *
 * @internal
 */
final readonly class Caller
{
    /** The codes of a 503 to a request that has had no effect. */
    private const NOTHING_DONE = ['no_leader', 'shutting_down'];

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
        $repeats = new Repeats($call);
        for (;;) {
            $wasUnknown = $call->outcome->isUnknown;
            $sentAtMs = Clock::nowMs();
            try {
                return $this->attempt($call);
            } catch (\Throwable $error) {
                if ($wasUnknown && $call->goneIsDone && self::isGone($error)) {
                    return new Result(null, $startedAtMs);
                }
                $call->outcome->isUnknown = $wasUnknown || self::leavesUnknown($error);
                $delayMs = $repeats->delayMs($error, Clock::nowMs() - $sentAtMs);
                if ($delayMs === null) {
                    throw $error;
                }
                Clock::pause($delayMs, $call->stop);
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
        if (!$call->isPublic) {
            $this->bearer->checkPresent();
        }
        do {
            $request = $call->request();
            $token = $this->bearer->token();
            $untilMs = min($this->transport->untilMs($request, Clock::nowMs()), $call->limits->deadlineMs);
            $answer = $this->transport->exchange($request, $untilMs, $token, $call->stop);
        } while ($answer->status === 401 && $this->bearer->awaitReplacement($token, $untilMs, $call->stop));

        return new Result(Outcomes::valueOf($answer, $call->read), $answer->sentAtMs);
    }

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

    /** @phpstan-assert-if-true OctoStoreException $error */
    public static function mayRepeat(\Throwable $error, bool $isSafe): bool
    {
        return self::isTransient($error) && ($isSafe || self::wasWithoutEffect($error));
    }

    /** Whether something has ended. A lease that someone else has broken is not: no attempt of our own can have done that. */
    private static function isGone(\Throwable $error): bool
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
    private static function leavesUnknown(\Throwable $error): bool
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
