<?php

declare(strict_types=1);

namespace Psr\Http\Message;

/** The part of PSR that the client uses, for tests without its packages. */
interface ResponseInterface
{
    public function getStatusCode(): int;

    /** @return array<string, list<string>> */
    public function getHeaders(): array;

    public function getBody(): StreamInterface;
}
