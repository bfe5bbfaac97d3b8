<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

/**
 * An unsuccessful response.
 *
 * @internal
 */
final class Refusal extends \Exception
{
    /** @param array<string, mixed> $members of the body, besides the message and the code */
    public function __construct(
        public readonly int $status,
        public readonly string $errorCode,
        string $message,
        private readonly array $members = [],
    ) {
        parent::__construct($message);
    }

    /** @return array<string, mixed> */
    public function body(): array
    {
        return ['error' => $this->getMessage(), 'code' => $this->errorCode, 'request_id' => 'r-test'] + $this->members;
    }
}
