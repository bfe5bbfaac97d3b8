<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\NetworkException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\TimeoutException;
use OctoStore\Transport\Exchange;
use OctoStore\Transport\Request;

/**
 * One request, on a connection of its own that ends with it. Connections are not reused: on a reused one, curl silently sends a request
 * again even though the server may already have executed it. A reused one would also be shared with every process forked from this one.
 *
 * @internal
 */
final class Connection implements Exchange
{
    /** The request was never sent: the proxy or host was not found, nothing listened there, or the TLS handshake failed. */
    private const NO_CONNECTION = [
        CURLE_COULDNT_RESOLVE_PROXY,
        CURLE_COULDNT_RESOLVE_HOST,
        CURLE_COULDNT_CONNECT,
        CURLE_SSL_CONNECT_ERROR,
        CURLE_SSL_PEER_CERTIFICATE,
        CURLE_SSL_CACERT,
    ];

    private readonly Received $received;
    private readonly \CurlHandle $easy;
    private readonly \CurlMultiHandle $multi;

    /** The result from curl. Null while the transfer is running. */
    private ?int $result = null;

    private readonly string $server;
    private readonly ?float $timeoutMs;

    public function __construct(Request $request)
    {
        [$this->server, $this->timeoutMs] = [$request->baseUrl, $request->timeoutMs];
        $this->received = $received = new Received();
        $this->easy = curl_init();
        curl_setopt_array($this->easy, [
            CURLOPT_URL => $request->url(),
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => self::headerLines($request->headers),
            CURLOPT_TIMEOUT_MS => $this->timeoutMs === null ? 0 : max(1, (int) ceil($this->timeoutMs)),
            CURLOPT_NOSIGNAL => true,
            // The token is for this server only, not for one that it redirects to.
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_FRESH_CONNECT => true,
            CURLOPT_FORBID_REUSE => true,
            CURLOPT_HEADERFUNCTION => static function (\CurlHandle $_, string $line) use ($received): int {
                $received->takeHeaderLine($line);

                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function (\CurlHandle $_, string $piece) use ($received): int {
                $received->body .= $piece;

                return strlen($piece);
            },
        ]);
        if ($request->method === 'POST') {
            curl_setopt($this->easy, CURLOPT_POSTFIELDS, $request->body ?? '');
        }
        $this->multi = curl_multi_init();
        curl_multi_add_handle($this->multi, $this->easy);
    }

    public function __destruct()
    {
        $this->close();
    }

    public function step(float $waitMs): void
    {
        $this->advance();
        if ($this->result !== null) {
            return;
        }
        if (curl_multi_select($this->multi, max(0.0, $waitMs / 1000)) === -1) {
            // There is nothing yet for curl to wait for.
            usleep(1000);
        }
        $this->advance();
    }

    public function hasHead(): bool
    {
        return $this->received->hasHead;
    }

    public function status(): int
    {
        return curl_getinfo($this->easy, CURLINFO_RESPONSE_CODE);
    }

    public function headers(): array
    {
        return $this->received->headers;
    }

    public function take(): string
    {
        $body = $this->received->body;
        $this->received->body = '';

        return $body;
    }

    public function isOver(): bool
    {
        return $this->result !== null;
    }

    public function failure(): ?OctoStoreException
    {
        if ($this->result === null || $this->result === CURLE_OK) {
            return null;
        }
        if ($this->result === CURLE_OPERATION_TIMEDOUT) {
            return new TimeoutException(sprintf('There was no whole answer from %s within %d ms.', $this->server, round($this->timeoutMs)));
        }
        $why = curl_error($this->easy) ?: curl_strerror($this->result) ?: 'unknown reason';
        $wasSent = !in_array($this->result, self::NO_CONNECTION, true);

        return new NetworkException("The connection to $this->server failed: $why", $wasSent);
    }

    public function close(): void
    {
        if ($this->result === null) {
            $this->result = CURLE_ABORTED_BY_CALLBACK;
            curl_multi_remove_handle($this->multi, $this->easy);
        }
    }

    /**
     * @param array<string, string> $headers
     * @return list<string>
     */
    private static function headerLines(#[\SensitiveParameter] array $headers): array
    {
        $lines = array_map(
            static fn (string $name, string $value): string => "$name: $value",
            array_keys($headers),
            $headers,
        );

        // Without a value, curl leaves out a header that it would send by default.
        return ['Expect:', ...(isset($headers['Content-Type']) ? [] : ['Content-Type:']), ...$lines];
    }

    private function advance(): void
    {
        if ($this->result !== null) {
            return;
        }
        curl_multi_exec($this->multi, $running);
        $message = $running === 0 ? curl_multi_info_read($this->multi) : false;
        if ($message !== false) {
            $this->result = $message['result'];
            curl_multi_remove_handle($this->multi, $this->easy);
        }
    }
}
