<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/** @internal */
final readonly class Request
{
    /**
     * @param string $path below the base URL, with its query
     * @param ?array<string, mixed> $body sent as JSON, without the members that are null
     * @param ?float $untilMs when its answer must have ended, on the monotonic clock; if null, as the client's time-out says
     */
    public function __construct(
        public string $method,
        public string $path,
        public ?array $body = null,
        public ?float $untilMs = null,
    ) {
    }
}
