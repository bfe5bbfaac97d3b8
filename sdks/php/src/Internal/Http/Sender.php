<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Version;
use OctoStore\StopToken;
use OctoStore\Transport\Exchange;
use OctoStore\Transport\Request as Sending;
use OctoStore\Transport\Transport;

/**
 * Sends single requests.
 *
 * @internal
 */
final readonly class Sender
{
    /** @param int $timeoutMs timeout of an attempt in milliseconds, unless its request sets another */
    public function __construct(
        private Transport $transport,
        public int $timeoutMs,
    ) {
    }

    /**
     * One attempt.
     *
     * @param string $server its base URL
     * @param float $untilMs when the response must be complete, on the clock of leases
     * @throws \OctoStore\Exception\NetworkException
     * @throws \OctoStore\Exception\TimeoutException
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function exchange(
        string $server,
        Request $request,
        float $untilMs,
        #[\SensitiveParameter] ?string $token,
        ?StopToken $stop = null,
    ): Answer {
        $stop?->throwIfStopped();
        $body = $request->body === null ? null : self::json($request->body);
        $headers = self::headers('application/json', $token);
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
        }
        $sentAtMs = Clock::nowMs();
        $timeoutMs = max(1.0, $untilMs - $sentAtMs);
        $exchange = $this->transport->start(
            new Sending($request->method, $server, $request->path, $headers, $body, $timeoutMs),
        );
        while (!$exchange->isOver()) {
            $exchange->step($stop === null ? 1000 : Clock::LOOK_EVERY_MS);
            $stop?->throwIfStopped();
        }
        if ($exchange->failure() !== null) {
            throw $exchange->failure();
        }

        return new Answer($exchange->status(), $exchange->headers(), $exchange->take(), $sentAtMs);
    }

    /** Opens a stream of events. */
    public function open(
        string $server,
        string $path,
        ?string $lastEventId,
        #[\SensitiveParameter] ?string $token,
    ): Exchange {
        $headers = self::headers('text/event-stream', $token);
        if ($lastEventId !== null) {
            $headers['Last-Event-ID'] = $lastEventId;
        }

        return $this->transport->start(new Sending('GET', $server, $path, $headers));
    }

    /** When the response to a request must be complete. All times are milliseconds on the monotonic clock. */
    public function untilMs(Request $request, float $sentAtMs): float
    {
        return $request->untilMs ?? $sentAtMs + $this->timeoutMs;
    }

    /** @return array<string, string> */
    private static function headers(string $accept, #[\SensitiveParameter] ?string $token): array
    {
        $headers = ['Accept' => $accept, 'User-Agent' => Version::USER_AGENT];
        if ($token !== null) {
            $headers['Authorization'] = "Bearer $token";
        }

        return $headers;
    }

    /** @param array<string, mixed> $body */
    private static function json(array $body): string
    {
        $given = array_filter($body, static fn (mixed $value): bool => $value !== null);
        try {
            return json_encode((object) $given, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        } catch (\JsonException $cause) {
            throw new ValidationException('What is sent must be UTF-8.', previous: $cause);
        }
    }
}
