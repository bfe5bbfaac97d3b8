<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** What is known about an error besides its message. */
final readonly class ErrorFacts
{
    /**
     * @param ?string $code the server's stable code, such as `lock_not_found`
     * @param ?int $status the HTTP status, if there was a response
     * @param ?string $requestId identifies the request in the server's log
     * @param ?int $retryAfterMs how long the server asks you to wait before you try again, in milliseconds
     */
    public function __construct(
        public ?string $code = null,
        public ?int $status = null,
        public ?string $requestId = null,
        public ?int $retryAfterMs = null,
    ) {
    }
}
