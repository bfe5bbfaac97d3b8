<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\SignatureException;

/** Standard Webhooks signatures of webhook deliveries. */
final class WebhookSignature
{
    private const BASE64_KEY_PREFIX = 'whsec_';

    /**
     * Checks that a webhook delivery was signed with the secret, with a timestamp at most five minutes off. Remember `webhook-id` to
     * recognise repeats.
     *
     * @param array<string, string|list<string>> $headers such as from `getallheaders()`, in any letter case
     * @param string $body exactly the bytes received, such as from `file_get_contents('php://input')`
     * @param int|float|null $nowSeconds the current time, in seconds since 1970; now by default
     * @throws SignatureException if the check fails
     */
    public static function verify(
        #[\SensitiveParameter] string $secret,
        array $headers,
        string $body,
        int|float|null $nowSeconds = null,
    ): void {
        $headers = array_change_key_case($headers);
        $id = self::header($headers, 'webhook-id');
        $timestamp = self::header($headers, 'webhook-timestamp');
        $isNumber = preg_match('/^\d{1,15}$/D', $timestamp) === 1;
        if (!$isNumber || abs(($nowSeconds ?? time()) - (int) $timestamp) > Rules::WEBHOOK_TOLERANCE_SECONDS) {
            throw new SignatureException('The time stamp is missing or too far off.');
        }
        $expected = hash_hmac('sha256', "$id.$timestamp.$body", self::key($secret), true);
        foreach (explode(' ', self::header($headers, 'webhook-signature')) as $entry) {
            [$version, $signature] = [...explode(',', $entry, 2), ''];
            // In constant time.
            if ($version === 'v1' && hash_equals($expected, (string) base64_decode($signature, true))) {
                return;
            }
        }
        throw new SignatureException('The signature does not match.');
    }

    /** @param array<string, string|list<string>> $headers */
    private static function header(array $headers, string $name): string
    {
        $value = $headers[$name] ?? '';

        return is_array($value) ? $value[0] ?? '' : $value;
    }

    private static function key(#[\SensitiveParameter] string $secret): string
    {
        $isBase64 = str_starts_with($secret, self::BASE64_KEY_PREFIX);
        $key = $isBase64 ? base64_decode(substr($secret, strlen(self::BASE64_KEY_PREFIX)), true) : $secret;
        if ($key === false || $key === '') {
            throw new SignatureException('The secret holds no key.');
        }

        return $key;
    }
}
