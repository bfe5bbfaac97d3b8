<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/** @internal */
final readonly class Request
{
    /**
     * @param string $path relative to the base URL, with the query
     * @param ?array<string, mixed> $body sent as JSON, without the members that are null
     * @param ?float $untilMs when the response must be complete, on the monotonic clock; if null, the client's timeout applies
     */
    public function __construct(
        public string $method,
        public string $path,
        public ?array $body = null,
        public ?float $untilMs = null,
    ) {
    }
}
