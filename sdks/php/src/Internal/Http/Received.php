<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/**
 * The part of a response that has arrived so far.
 *
 * @internal
 */
final class Received
{
    public bool $hasHead = false;

    /** @var array<string, string> by their names in lower case */
    public array $headers = [];

    public string $body = '';

    /** One line of the response headers, with its line ending. */
    public function takeHeaderLine(string $line): void
    {
        $line = rtrim($line, "\r\n");
        if (str_starts_with($line, 'HTTP/')) {
            $this->headers = [];
            // "100 Continue" and similar come before the response.
            $this->hasHead = false;
        } elseif ($line === '') {
            $this->hasHead = true;
        } elseif (str_contains($line, ':')) {
            [$name, $value] = explode(':', $line, 2);
            $this->headers[strtolower($name)] = trim($value);
        }
    }
}
