<?php

declare(strict_types=1);

namespace OctoStore\Transport;

use OctoStore\Internal\Http\Connection;

/** The default: ext-curl, with a connection of its own for each request. */
final readonly class CurlTransport implements Transport
{
    public function start(Request $request): Exchange
    {
        return new Connection($request);
    }
}
