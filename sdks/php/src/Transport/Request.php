<?php

declare(strict_types=1);

namespace OctoStore\Transport;

/** One HTTP request to a server of the service. */
final readonly class Request
{
    /**
     * @param string $baseUrl of the server, for messages too
     * @param string $path relative to the base URL, with the query
     * @param array<string, string> $headers the token is among them, so they must not get into logs
     * @param ?string $body null if it has none
     * @param ?float $timeoutMs when the whole response must have arrived, in milliseconds from now; null for a stream, which has no end
     */
    public function __construct(
        public string $method,
        public string $baseUrl,
        public string $path,
        #[\SensitiveParameter] public array $headers = [],
        public ?string $body = null,
        public ?float $timeoutMs = null,
    ) {
    }

    public function url(): string
    {
        return $this->baseUrl . $this->path;
    }

    /**
     * What dumps show: no headers.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'url' => $this->url()];
    }
}
