<?php

declare(strict_types=1);

namespace OctoStore\Tests\Psr;

use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamInterface;

/** A request of a PSR-18 client. */
final class SimpleRequest implements RequestInterface
{
    /** @var list<string> */
    public array $headers = [];

    public string $body = '';

    public function __construct(public readonly string $method, public readonly string $url)
    {
    }

    public function withHeader(string $name, string $value): static
    {
        $copy = clone $this;
        $copy->headers[] = "$name: $value";

        return $copy;
    }

    public function withBody(StreamInterface $body): static
    {
        $copy = clone $this;
        $copy->body = (string) $body;

        return $copy;
    }
}
