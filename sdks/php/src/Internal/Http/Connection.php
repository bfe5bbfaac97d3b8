<?php

declare(strict_types=1);

namespace OctoStore\Internal\Http;

use OctoStore\Exception\NetworkException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\TimeoutException;

/**
 * One request on a connection of its own, which ends with it. Connections are not kept for the next request: on a kept one curl
 * silently sends a request again, though it may already have been carried out; and a kept one would be shared with each process
 * that is forked from this one.
 *
 * @internal
 */
final class Connection
{
    /** The request never left: the proxy or the host was not found, nobody listened there, or TLS could not be agreed on. */
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

    /** How curl says that it ended; null while it lasts. */
    private ?int $result = null;

    /**
     * @param list<string> $headers
     * @param ?float $timeoutMs milliseconds for the whole of it; null for a stream
     */
    public function __construct(
        string $method,
        string $url,
        #[\SensitiveParameter] array $headers,
        ?string $body,
        private readonly ?float $timeoutMs,
    ) {
        $this->received = $received = new Received();
        $this->easy = curl_init();
        curl_setopt_array($this->easy, [
            CURLOPT_URL => $url,
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_TIMEOUT_MS => $timeoutMs === null ? 0 : max(1, (int) ceil($timeoutMs)),
            CURLOPT_NOSIGNAL => true,
            // The token is for this server and for none that it might name.
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
        if ($method === 'POST') {
            curl_setopt($this->easy, CURLOPT_POSTFIELDS, $body ?? '');
        }
        $this->multi = curl_multi_init();
        curl_multi_add_handle($this->multi, $this->easy);
    }

    public function __destruct()
    {
        $this->close();
    }

    /** Goes on with what can be done now, and else waits until something happens or the time is over. */
    public function step(float $waitMs): void
    {
        $this->advance();
        if ($this->result !== null) {
            return;
        }
        if (curl_multi_select($this->multi, max(0.0, $waitMs / 1000)) === -1) {
            // There is nothing yet that curl could wait for.
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

    /** @return array<string, string> by their names in lower case */
    public function headers(): array
    {
        return $this->received->headers;
    }

    /** What has come of the body since the last time. */
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

    /** Why it ended; null if it ended well, or has not. */
    public function failure(): ?OctoStoreException
    {
        if ($this->result === null || $this->result === CURLE_OK) {
            return null;
        }
        if ($this->result === CURLE_OPERATION_TIMEDOUT) {
            return new TimeoutException(sprintf('There was no whole answer within %d ms.', $this->timeoutMs));
        }
        $why = curl_error($this->easy) ?: curl_strerror($this->result) ?: 'unknown reason';
        $wasSent = !in_array($this->result, self::NO_CONNECTION, true);

        return new NetworkException("The connection failed: $why", $wasSent);
    }

    public function close(): void
    {
        if ($this->result === null) {
            $this->result = CURLE_ABORTED_BY_CALLBACK;
            curl_multi_remove_handle($this->multi, $this->easy);
        }
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
