<?php

declare(strict_types=1);

namespace OctoStore\Tests\Psr;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamInterface;

/** A response that a PSR-18 client has got. */
final readonly class SimpleResponse implements ResponseInterface
{
    /** @param array<string, list<string>> $headers */
    public function __construct(private int $status, private array $headers, private string $body)
    {
    }

    public function getStatusCode(): int
    {
        return $this->status;
    }

    public function getHeaders(): array
    {
        return $this->headers;
    }

    public function getBody(): StreamInterface
    {
        return new Text($this->body);
    }
}
