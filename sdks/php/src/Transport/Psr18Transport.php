<?php

declare(strict_types=1);

namespace OctoStore\Transport;

use OctoStore\Exception\NetworkException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Http\Finished;
use OctoStore\Internal\Signals;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Carries requests with a PSR-18 client. PSR-18 has no way to interrupt a request, to give it a timeout, or to read a stream. So watches
 * do not work, a `StopToken` ends a call only between its requests, and `timeoutMs` has no effect. Set the timeout of the client yourself:
 * longer than a request waits in line (`waitSliceSeconds`), and note that a renewal that hangs for that long can cost you the lock. Turn
 * off that it follows redirects or repeats requests.
 */
final class Psr18Transport implements Transport
{
    /** @var array<int, ClientInterface> by process; that of a parent stays, because its end could end connections of the parent */
    private array $clients = [];

    /**
     * @param \Closure(): ClientInterface $newClient called once in each process, because forks must not share connections
     */
    public function __construct(
        private readonly \Closure $newClient,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public function start(Request $request): Exchange
    {
        if ($request->timeoutMs === null) {
            return Finished::failed(new ValidationException('A PSR-18 client cannot carry a watch. Use the default transport.'));
        }
        try {
            $this->clients[getmypid()] ??= ($this->newClient)();
            $response = $this->clients[getmypid()]->sendRequest($this->psrRequest($request));
        } catch (ClientExceptionInterface $error) {
            return Finished::failed($this->failure($request, $error));
        }

        // Signal handlers run afterwards, so that their exceptions are not taken for those of the body.
        return Signals::holdOff(function () use ($request, $response): Exchange {
            try {
                return new Finished($response->getStatusCode(), self::headersOf($response), (string) $response->getBody());
            } catch (\RuntimeException $error) {
                return Finished::failed($this->failure($request, $error));
            }
        });
    }

    private function psrRequest(Request $request): RequestInterface
    {
        $psr = $this->requests->createRequest($request->method, $request->url());
        foreach ($request->headers as $name => $value) {
            $psr = $psr->withHeader($name, $value);
        }

        return $request->body === null ? $psr : $psr->withBody($this->streams->createStream($request->body));
    }

    /** Without the exception itself, which can have the request with its token. */
    private function failure(Request $request, \Throwable $error): NetworkException
    {
        $token = substr($request->headers['Authorization'] ?? '', strlen('Bearer '));
        $why = $token === '' ? $error->getMessage() : str_replace($token, '****', $error->getMessage());

        return new NetworkException("The connection to $request->baseUrl failed: $why", true);
    }

    /** @return array<string, string> */
    private static function headersOf(ResponseInterface $response): array
    {
        $headers = [];
        foreach ($response->getHeaders() as $name => $values) {
            $headers[strtolower((string) $name)] = implode(', ', $values);
        }

        return $headers;
    }
}
