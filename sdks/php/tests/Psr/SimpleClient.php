<?php

declare(strict_types=1);

namespace OctoStore\Tests\Psr;

use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/** A PSR-18 client on top of the streams of PHP. */
final class SimpleClient implements ClientInterface
{
    /** @param ?string $log a file that gets the id of the process */
    public function __construct(?string $log = null)
    {
        if ($log !== null) {
            file_put_contents($log, getmypid() . "\n", FILE_APPEND);
        }
    }

    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        assert($request instanceof SimpleRequest);
        $context = stream_context_create(['http' => [
            'method' => $request->method,
            'header' => $request->headers,
            'content' => $request->body,
            'follow_location' => 0,
            'ignore_errors' => true,
            'protocol_version' => 1.0,
        ]]);
        $body = @file_get_contents($request->url, false, $context);
        if ($body === false) {
            throw new BrokenConnection('no connection for ' . implode(', ', $request->headers));
        }
        preg_match('~^HTTP/\S+ (\d+)~', $http_response_header[0], $status);
        $headers = [];
        foreach (array_slice($http_response_header, 1) as $line) {
            [$name, $value] = explode(': ', $line, 2);
            $headers[$name][] = $value;
        }

        return new SimpleResponse((int) $status[1], $headers, $body);
    }
}
