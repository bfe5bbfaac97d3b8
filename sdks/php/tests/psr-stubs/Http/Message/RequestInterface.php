<?php

declare(strict_types=1);

namespace Psr\Http\Message;

/** The part of PSR that the client uses, for tests without its packages. */
interface RequestInterface
{
    public function withHeader(string $name, string $value): static;

    public function withBody(StreamInterface $body): static;
}
