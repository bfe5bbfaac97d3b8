<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Clock;
use OctoStore\StopToken;

/**
 * Sends single requests to one server as one user.
 *
 * @internal
 */
final class Transport
{
    /** Shows its value in no dump. */
    private ?\SensitiveParameterValue $token = null;

    /** @param int $timeoutMs milliseconds that an attempt may take unless its request says otherwise */
    public function __construct(
        public readonly string $baseUrl,
        #[\SensitiveParameter] ?string $token,
        public readonly int $timeoutMs,
    ) {
        if ($token !== null) {
            $this->useToken($token);
        }
    }

    public function useToken(#[\SensitiveParameter] string $token): void
    {
        $this->token = new \SensitiveParameterValue($token);
    }

    /**
     * One attempt.
     *
     * @throws \OctoStore\Exception\NetworkException
     * @throws \OctoStore\Exception\TimeoutException
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function exchange(Request $request, ?StopToken $stop = null): Answer
    {
        $stop?->throwIfStopped();
        $body = $request->body === null ? null : self::json($request->body);
        $headers = $this->headers('application/json');
        // Without a value curl leaves out what it would send by itself.
        $headers[] = $body === null ? 'Content-Type:' : 'Content-Type: application/json';
        $headers[] = 'Expect:';
        $url = $this->baseUrl . $request->path;
        $sentAtMs = Clock::nowMs();
        $connection = new Connection($request->method, $url, $headers, $body, $this->timeoutOf($request));
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
    public function open(string $path, ?string $lastEventId): Connection
    {
        $headers = $this->headers('text/event-stream');
        if ($lastEventId !== null) {
            $headers[] = "Last-Event-ID: $lastEventId";
        }

        return new Connection('GET', $this->baseUrl . $path, $headers, null, null);
    }

    private function timeoutOf(Request $request): float
    {
        return $request->timeoutMs ?? $this->timeoutMs;
    }

    /** @return list<string> */
    private function headers(string $accept): array
    {
        $headers = ["Accept: $accept"];
        if ($this->token !== null) {
            $headers[] = "Authorization: Bearer {$this->token->getValue()}";
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
