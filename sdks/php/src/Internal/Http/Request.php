<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/** @internal */
final readonly class Request
{
    /**
     * @param string $path below the base URL, with its query
     * @param ?array<string, mixed> $body sent as JSON, without the members that are null
     * @param ?float $timeoutMs milliseconds for one attempt, up to the end of the answer; the client's if null
     */
    public function __construct(
        public string $method,
        public string $path,
        public ?array $body = null,
        public ?float $timeoutMs = null,
    ) {
    }
}
