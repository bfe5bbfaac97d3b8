<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\ValidationException;

/** No token gets where people look. */
final class SecretsTest extends ServerTestCase
{
    private const TOKEN = 'secret-token-4711';

    public function testNoDumpOfAClientHasTheToken(): void
    {
        $client = new Client(baseUrl: 'http://localhost:1', token: self::TOKEN);
        ob_start();
        var_dump($client);
        $dumps = [ob_get_clean(), print_r($client, true), (string) $client, json_encode($client)];
        $dumps[] = var_export($client, true);
        foreach ($dumps as $dump) {
            self::assertStringNotContainsString(self::TOKEN, $dump);
        }
        self::assertSame('OctoStore\Client(http://localhost:1)', (string) $client);
    }

    public function testAClientCannotBeSerialised(): void
    {
        $this->expectExceptionMessage('not allowed');
        serialize(new Client(token: self::TOKEN));
    }

    /** @dataProvider wrongSettings */
    public function testWhatIsRefusedIsNotQuoted(string $baseUrl, string $token): void
    {
        try {
            new Client($baseUrl, $token);
            self::fail('It was taken.');
        } catch (ValidationException $error) {
            self::assertStringNotContainsString(self::TOKEN, (string) $error);
        }
    }

    /** @return iterable<array{string, string}> */
    public static function wrongSettings(): iterable
    {
        yield ['http://localhost', self::TOKEN . "\n"];
        yield ['http://localhost', ''];
        yield ['http://localhost', self::TOKEN . ' ä'];
        yield ['http://me:' . self::TOKEN . '@localhost', 'a'];
        yield ['http://localhost/?token=' . self::TOKEN, 'a'];
        yield ['ftp://localhost', 'a'];
        yield ['//localhost', 'a'];
        yield ['http://', 'a'];
        yield ["http://localhost\n", 'a'];
    }

    public function testATraceHasNoToken(): void
    {
        $program = new Program(sprintf(
            "ini_set('zend.exception_ignore_args', '0');\nnew OctoStore\\Client('nonsense', %s);",
            var_export(self::TOKEN, true),
        ));
        $errors = $program->end()['errors'];
        self::assertStringContainsString('SensitiveParameterValue', $errors);
        // Long arguments are cut short there.
        self::assertStringNotContainsString(substr(self::TOKEN, 0, 10), $errors);
    }
}
