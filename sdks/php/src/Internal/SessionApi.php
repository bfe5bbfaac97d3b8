<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Calls\Result;
use OctoStore\Internal\Http\Request;
use OctoStore\StopToken;
use OctoStore\Value\CreatedSession;
use OctoStore\Value\KeptSession;
use OctoStore\Value\SessionStatus;

/**
 * The routes of sessions.
 *
 * @internal
 */
final readonly class SessionApi
{
    public function __construct(private Caller $caller)
    {
    }

    public function servers(): Servers
    {
        return $this->caller->servers;
    }

    /** @return Result<CreatedSession> */
    public function create(int $ttlSeconds): Result
    {
        Checks::sessionTtl($ttlSeconds);

        return $this->caller->call(new Call(
            request: new Request('POST', '/sessions', ['ttl_seconds' => $ttlSeconds]),
            read: static fn (string $text): CreatedSession => CreatedSession::read(Fields::parse($text)),
            isSafe: false,
        ));
    }

    public function keepalive(string $sessionId): KeptSession
    {
        return $this->caller->call(self::keepaliveCall($sessionId))->value;
    }

    /** One attempt at a keepalive, until a given time. Returns when it was sent. Both are milliseconds on the monotonic clock. */
    public function keepaliveOnce(string $sessionId, string $server, float $untilMs, ?StopToken $stop): float
    {
        return $this->caller->attempt(self::keepaliveCall($sessionId, $untilMs, $stop), $server)->sentAtMs;
    }

    public function status(string $sessionId): SessionStatus
    {
        return $this->caller->call(new Call(
            request: new Request('GET', self::path($sessionId)),
            read: static fn (string $text): SessionStatus => SessionStatus::read(Fields::parse($text)),
            isSafe: true,
        ))->value;
    }

    public function end(string $sessionId, Limits $limits = new Limits()): void
    {
        $this->caller->call(new Call(
            request: new Request('DELETE', self::path($sessionId)),
            read: Nothing::read(...),
            isSafe: true,
            goneIsDone: true,
            limits: $limits,
        ));
    }

    /** @return Call<KeptSession> */
    private static function keepaliveCall(string $sessionId, ?float $untilMs = null, ?StopToken $stop = null): Call
    {
        return new Call(
            request: new Request('POST', self::path($sessionId, '/keepalive'), untilMs: $untilMs),
            read: static fn (string $text): KeptSession => KeptSession::read(Fields::parse($text)),
            isSafe: true,
            stop: $stop,
        );
    }

    private static function path(string $sessionId, string $verb = ''): string
    {
        return '/sessions/' . rawurlencode($sessionId) . $verb;
    }
}
