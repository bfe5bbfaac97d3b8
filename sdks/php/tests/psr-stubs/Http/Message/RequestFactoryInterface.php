<?php

declare(strict_types=1);

namespace Psr\Http\Message;

/** The part of PSR that the client uses, for tests without its packages. */
interface RequestFactoryInterface
{
    public function createRequest(string $method, string $uri): RequestInterface;
}
