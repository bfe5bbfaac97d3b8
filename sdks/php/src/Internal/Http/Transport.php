<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Clock;
use OctoStore\StopToken;

/**
 * Sends single requests to one server.
 *
 * @internal
 */
final readonly class Transport
{
    /** @param int $timeoutMs timeout of an attempt in milliseconds, unless its request sets another */
    public function __construct(
        public string $baseUrl,
        public int $timeoutMs,
    ) {
    }

    /**
     * One attempt.
     *
     * @param float $untilMs when the response must be complete, on the clock of leases
     * @throws \OctoStore\Exception\NetworkException
     * @throws \OctoStore\Exception\TimeoutException
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function exchange(
        Request $request,
        float $untilMs,
        #[\SensitiveParameter] ?string $token,
        ?StopToken $stop = null,
    ): Answer {
        $stop?->throwIfStopped();
        $body = $request->body === null ? null : self::json($request->body);
        $headers = self::headers('application/json', $token);
        // Without a value, curl leaves out a header that it would send by default.
        $headers[] = $body === null ? 'Content-Type:' : 'Content-Type: application/json';
        $headers[] = 'Expect:';
        $sentAtMs = Clock::nowMs();
        $connection = new Connection(
            $this->baseUrl,
            $request->method,
            $request->path,
            $headers,
            $body,
            max(1.0, $untilMs - $sentAtMs),
        );
        while (!$connection->isOver()) {
            $connection->step($stop === null ? 1000 : Clock::LOOK_EVERY_MS);
            $stop?->throwIfStopped();
        }
        if ($connection->failure() !== null) {
            throw $connection->failure();
        }

        return new Answer($connection->status(), $connection->headers(), $connection->take(), $sentAtMs);
    }

    /** Opens a stream of events. */
    public function open(string $path, ?string $lastEventId, #[\SensitiveParameter] ?string $token): Connection
    {
        $headers = self::headers('text/event-stream', $token);
        if ($lastEventId !== null) {
            $headers[] = "Last-Event-ID: $lastEventId";
        }

        return new Connection($this->baseUrl, 'GET', $path, $headers, null, null);
    }

    /** When the response to a request must be complete. All times are milliseconds on the monotonic clock. */
    public function untilMs(Request $request, float $sentAtMs): float
    {
        return $request->untilMs ?? $sentAtMs + $this->timeoutMs;
    }

    /** @return list<string> */
    private static function headers(string $accept, #[\SensitiveParameter] ?string $token): array
    {
        $headers = ["Accept: $accept"];
        if ($token !== null) {
            $headers[] = "Authorization: Bearer $token";
        }

        return $headers;
    }

    /** @param array<string, mixed> $body */
    private static function json(array $body): string
    {
        $given = array_filter($body, static fn (mixed $value): bool => $value !== null);
        try {
            return json_encode($given, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        } catch (\JsonException $cause) {
            throw new ValidationException('What is sent must be UTF-8.', previous: $cause);
        }
    }
}
