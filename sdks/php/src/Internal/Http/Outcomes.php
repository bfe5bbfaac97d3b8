<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\ErrorFacts;
use OctoStore\Exception\LeaseBrokenException;
use OctoStore\Exception\LimitException;
use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\PermissionException;
use OctoStore\Exception\ServerException;
use OctoStore\Exception\StaleTokenException;
use OctoStore\Exception\UnavailableException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Fields;

/**
 * Turns a response into a value or an exception.
 *
 * @internal
 */
final class Outcomes
{
    /** The codes of a 409 that says why you cannot have a lock now. */
    private const CONFLICTS = ['lock_held', 'lock_queued', 'lock_delayed', 'limit_mismatch'];

    /** The codes of a 409 about a lease id that you use for several leases. */
    private const MISUSED_IDS = ['lease_mismatch', 'ambiguous_lease_id'];

    private const NOT_UNDERSTOOD = 'The answer of the server cannot be understood.';

    /**
     * Reads a successful response with `$read`.
     *
     * @template T
     * @param \Closure(string): T $read throws `UnexpectedValueException` if it cannot read the response
     * @return T
     * @throws OctoStoreException the matching error for any other response
     */
    public static function valueOf(Answer $answer, \Closure $read): mixed
    {
        if ($answer->status < 200 || $answer->status > 299) {
            throw self::exceptionOf($answer);
        }
        try {
            return $read($answer->text);
        } catch (\UnexpectedValueException $cause) {
            throw new ServerException(self::NOT_UNDERSTOOD, new ErrorFacts(status: $answer->status), $cause);
        }
    }

    /** The error for an unsuccessful response. It quotes only JSON errors: a proxy's error page could contain anything. */
    public static function exceptionOf(Answer $answer): OctoStoreException
    {
        $body = Fields::tryParse($answer->text);
        $facts = new ErrorFacts(
            code: $body?->textOrNull('code'),
            status: $answer->status,
            requestId: $body?->textOrNull('request_id') ?? $answer->headers['x-request-id'] ?? null,
            retryAfterMs: $body?->numberOrNull('retry_after_ms') ?? self::retryAfterMs($answer),
        );
        $sentences = array_filter([$body?->textOrNull('error'), $body?->textOrNull('details')]);
        $message = implode(' ', $sentences) ?: "The server answered with status {$answer->status}.";
        if ($facts->status === 409 && in_array($facts->code, self::CONFLICTS, true) && $body !== null) {
            return self::heldException($message, $facts, $body);
        }
        if ($facts->code === 'stale_fencing_token' && $body !== null) {
            return self::staleException($message, $facts, $body);
        }
        if ($facts->code === 'lease_broken' && $body !== null) {
            return self::brokenException($message, $facts, $body);
        }
        $class = self::classOf($answer->status, $facts->code ?? '');

        return new $class($message, $facts);
    }

    /** @return class-string<OctoStoreException> */
    private static function classOf(int $status, string $code): string
    {
        return match ($status) {
            401 => AuthenticationException::class,
            400, 413, 414, 415, 422, 431 => ValidationException::class,
            403 => str_ends_with($code, '_limit_exceeded') ? LimitException::class : PermissionException::class,
            409 => in_array($code, self::MISUSED_IDS, true) ? ValidationException::class : ServerException::class,
            404, 410 => NotFoundException::class,
            429 => LimitException::class,
            502, 503, 504 => UnavailableException::class,
            default => ServerException::class,
        };
    }

    private static function heldException(string $message, ErrorFacts $facts, Fields $body): OctoStoreException
    {
        try {
            $lock = $body->object('lock');
            [$name, $holder, $expiresAt] = [$lock->text('name'), $lock->textOrNull('holder'), $body->date('expires_at')];
            $isHeld = $facts->code === 'lock_held' && $holder !== null;

            return new LockHeldException(
                $isHeld ? self::heldBy($name, $holder, $expiresAt) : $message,
                $facts,
                lock: $name,
                holder: $holder,
                holderId: $body->textOrNull('holder_id'),
                expiresAt: $expiresAt,
                metadata: $body->textOrNull('metadata'),
                position: $body->numberOrNull('position'),
                waiters: $body->numberOrNull('waiters'),
                limit: $body->numberOrNull('limit'),
            );
        } catch (\UnexpectedValueException $cause) {
            return new ServerException(self::NOT_UNDERSTOOD, $facts, $cause);
        }
    }

    private static function staleException(string $message, ErrorFacts $facts, Fields $body): OctoStoreException
    {
        $highest = $body->numberOrNull('highest');

        return $highest === null
            ? new ServerException(self::NOT_UNDERSTOOD, $facts)
            : new StaleTokenException($message, $facts, $highest);
    }

    private static function brokenException(string $message, ErrorFacts $facts, Fields $body): OctoStoreException
    {
        try {
            return new LeaseBrokenException(
                $message,
                $facts,
                reason: $body->text('reason'),
                brokenBy: $body->text('broken_by'),
                brokenAt: $body->date('broken_at'),
            );
        } catch (\UnexpectedValueException) {
            // Whatever the rest says, the lease has ended.
            return new NotFoundException($message, $facts);
        }
    }

    private static function heldBy(string $name, string $holder, \DateTimeImmutable $expiresAt): string
    {
        $end = $expiresAt->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');

        return "The lock \"$name\" is held by $holder (until $end).";
    }

    /** The `Retry-After` header in milliseconds, whether it holds seconds or a date. */
    private static function retryAfterMs(Answer $answer): ?int
    {
        $value = $answer->headers['retry-after'] ?? '';
        if (preg_match('/^\d{1,9}$/D', $value) === 1) {
            return 1000 * (int) $value;
        }
        $until = strtotime($value);

        return $until === false ? null : max(0, 1000 * ($until - time()));
    }
}
