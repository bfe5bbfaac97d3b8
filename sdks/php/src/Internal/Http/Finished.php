<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Transport\Exchange;

/**
 * An exchange that is over.
 *
 * @internal
 */
final class Finished implements Exchange
{
    /** @param array<string, string> $headers by their names in lower case */
    public function __construct(
        private readonly int $status,
        private readonly array $headers = [],
        private string $body = '',
        private readonly ?OctoStoreException $failure = null,
    ) {
    }

    public static function failed(OctoStoreException $failure): self
    {
        return new self(0, failure: $failure);
    }

    public function step(float $waitMs): void
    {
    }

    public function isOver(): bool
    {
        return true;
    }

    public function failure(): ?OctoStoreException
    {
        return $this->failure;
    }

    public function hasHead(): bool
    {
        return $this->failure === null;
    }

    public function status(): int
    {
        return $this->status;
    }

    public function headers(): array
    {
        return $this->headers;
    }

    public function take(): string
    {
        $body = $this->body;
        $this->body = '';

        return $body;
    }

    public function close(): void
    {
    }
}
