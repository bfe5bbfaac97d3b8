<?php

declare(strict_types=1);

namespace OctoStore\Transport;

/**
 * Carries the requests of a client. It must not follow redirects, because the token is for the server of the request alone, and must not
 * send a request twice. The forks that renew in the background have copies of it, so it must not use a connection that another process
 * has opened.
 */
interface Transport
{
    /** Begins with a request. Does not throw: if it fails, the exchange says so. */
    public function start(Request $request): Exchange;
}
