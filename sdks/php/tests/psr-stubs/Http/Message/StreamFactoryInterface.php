<?php

declare(strict_types=1);

namespace Psr\Http\Message;

/** The part of PSR that the client uses, for tests without its packages. */
interface StreamFactoryInterface
{
    public function createStream(string $content = ''): StreamInterface;
}
