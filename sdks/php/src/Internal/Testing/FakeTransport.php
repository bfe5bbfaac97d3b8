<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Exception\NetworkException;
use OctoStore\Internal\Http\Finished;
use OctoStore\Transport\Exchange;
use OctoStore\Transport\Request;
use OctoStore\Transport\Transport;

/**
 * Carries requests to a server in memory.
 *
 * @internal
 */
final readonly class FakeTransport implements Transport
{
    public function __construct(private FakeServer $server)
    {
    }

    public function start(Request $request): Exchange
    {
        $this->server->requests[] = "$request->method $request->path";
        if ($this->server->isDown) {
            return self::broken($request, false);
        }
        $body = json_decode($request->body ?? '[]', true, flags: JSON_THROW_ON_ERROR);
        try {
            $this->server->settle();
            $ticket = $this->server->ticketOf($request, $body);
            if ($ticket === null) {
                return self::answer(...$this->server->answer($request, $body));
            }
            $waitMs = 1000.0 * Validation::waitSeconds($body);
            $isInLine = $this->server->leasing->join($ticket, $waitMs > 0);

            return new FakeExchange($this->server, $request, $ticket, $this->server->clock->nowMs() + $waitMs, $isInLine);
        } catch (Refusal $refusal) {
            return self::answer($refusal->status, $refusal->body());
        }
    }

    /** @param array<mixed>|string $body */
    public static function answer(int $status, array|string $body): Finished
    {
        return new Finished($status, body: is_string($body) ? $body : json_encode($body, JSON_THROW_ON_ERROR));
    }

    public static function broken(Request $request, bool $wasSent): Finished
    {
        return Finished::failed(new NetworkException("The connection to $request->baseUrl failed: the test has cut it.", $wasSent));
    }
}
