<?php

declare(strict_types=1);

namespace Psr\Http\Client;

/** The part of PSR that the client uses, for tests without its packages. */
interface ClientInterface
{
    public function sendRequest(\Psr\Http\Message\RequestInterface $request): \Psr\Http\Message\ResponseInterface;
}
