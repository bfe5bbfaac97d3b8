<?php

declare(strict_types=1);

namespace OctoStore\Tests\Psr;

use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Message\StreamInterface;

/** Makes requests and bodies. */
final class SimpleFactory implements RequestFactoryInterface, StreamFactoryInterface
{
    public function createRequest(string $method, $uri): RequestInterface
    {
        return new SimpleRequest($method, (string) $uri);
    }

    public function createStream(string $content = ''): StreamInterface
    {
        return new Text($content);
    }
}
