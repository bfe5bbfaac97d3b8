<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\SignatureException;
use OctoStore\WebhookSignature;
use PHPUnit\Framework\TestCase;

final class WebhookSignatureTest extends TestCase
{
    private const BODY = '{"event":"acquired"}';

    public function testHeadersMayBeListsAndInAnyCase(): void
    {
        $headers = self::signed(time());
        WebhookSignature::verify('a-secret', $headers, self::BODY);
        $lists = array_map(static fn (string $value): array => [$value], array_change_key_case($headers, CASE_UPPER));
        WebhookSignature::verify('a-secret', $lists, self::BODY);
        $this->addToAssertionCount(2);
    }

    public function testTheTimeIsNowByDefault(): void
    {
        $this->expectException(SignatureException::class);
        WebhookSignature::verify('a-secret', self::signed(time() - 302), self::BODY);
    }

    public function testAnEmptySecretSignsNothing(): void
    {
        $this->expectException(SignatureException::class);
        WebhookSignature::verify('', self::signed(time(), ''), self::BODY);
    }

    /** @return array<string, string> */
    private static function signed(int $time, string $secret = 'a-secret'): array
    {
        $signature = base64_encode(hash_hmac('sha256', "m-1.$time." . self::BODY, $secret, true));

        return ['Webhook-Id' => 'm-1', 'Webhook-Timestamp' => (string) $time, 'Webhook-Signature' => "v1,$signature"];
    }
}
