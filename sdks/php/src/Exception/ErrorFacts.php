<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** What is known of an error beyond its message. */
final readonly class ErrorFacts
{
    /**
     * @param ?string $code the server's stable code, such as `lock_not_found`
     * @param ?int $status the HTTP status, if there was an answer
     * @param ?string $requestId finds the request in the server's log
     * @param ?int $retryAfterMs milliseconds after which the server said it makes sense to try again
     */
    public function __construct(
        public ?string $code = null,
        public ?int $status = null,
        public ?string $requestId = null,
        public ?int $retryAfterMs = null,
    ) {
    }
}
