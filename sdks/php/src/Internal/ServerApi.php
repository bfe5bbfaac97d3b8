<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Http\Request;
use OctoStore\Value\StatusCounters;

/**
 * The routes of the server itself, and of the user's token.
 *
 * @internal
 */
final readonly class ServerApi
{
    public function __construct(private Caller $caller)
    {
    }

    public function health(): string
    {
        return $this->caller->call(new Call(
            request: new Request('GET', '/health'),
            read: static fn (string $text): string => trim($text) === 'OK'
                ? 'OK'
                : throw new \UnexpectedValueException('not the answer of a healthy server'),
            isSafe: true,
            isPublic: true,
        ))->value;
    }

    public function statusCounters(): StatusCounters
    {
        return $this->caller->call(new Call(
            request: new Request('GET', '/status'),
            read: static fn (string $text): StatusCounters => StatusCounters::read(Fields::parse($text)),
            isSafe: true,
            isPublic: true,
        ))->value;
    }

    /** The caller uses the new token from then on. */
    public function rotateToken(): string
    {
        return $this->caller->bearer->rotate(fn (): string => $this->caller->call(new Call(
            request: new Request('POST', '/auth/token/rotate'),
            read: static fn (string $text): string => Fields::parse($text)->text('token'),
            isSafe: false,
        ))->value);
    }
}
