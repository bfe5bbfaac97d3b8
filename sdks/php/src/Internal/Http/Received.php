<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

/**
 * What has come of an answer so far.
 *
 * @internal
 */
final class Received
{
    public bool $hasHead = false;

    /** @var array<string, string> by their names in lower case */
    public array $headers = [];

    public string $body = '';

    /** One line of the head, with its line end. */
    public function takeHeaderLine(string $line): void
    {
        $line = rtrim($line, "\r\n");
        if (str_starts_with($line, 'HTTP/')) {
            $this->headers = [];
            // "100 Continue" and its like come before the answer.
            $this->hasHead = false;
        } elseif ($line === '') {
            $this->hasHead = true;
        } elseif (str_contains($line, ':')) {
            [$name, $value] = explode(':', $line, 2);
            $this->headers[strtolower($name)] = trim($value);
        }
    }
}
