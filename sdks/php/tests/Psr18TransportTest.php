<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\ValidationException;
use OctoStore\Tests\Psr\SimpleClient;
use OctoStore\Tests\Psr\SimpleFactory;
use OctoStore\Transport\Psr18Transport;

/** Requests that a PSR-18 client carries. */
final class Psr18TransportTest extends ServerTestCase
{
    public function testCallsHandlesAndRenewersWork(): void
    {
        $log = tempnam(sys_get_temp_dir(), 'octostore');
        $client = $this->clientAt(null, $log);
        $lock = $client->hold($this->name, ttlSeconds: 3, metadata: 'ä');
        try {
            $client->acquire($this->name);
            self::fail('It was had twice.');
        } catch (LockHeldException $error) {
            self::assertSame(['ä', 409], [$error->metadata, $error->status]);
        }
        sleep(4);
        self::assertFalse($lock->isLost());
        $lock->close();
        $this->assertAvailable($this->name);
        $makers = file($log, FILE_IGNORE_NEW_LINES);
        self::assertSame((string) getmypid(), $makers[0]);
        self::assertCount(2, array_unique($makers), 'The renewer has no client of its own.');
        self::assertCount(2, $makers);
        unlink($log);
    }

    public function testAConnectionThatFailsShowsNoToken(): void
    {
        try {
            $this->clientAt('http://127.0.0.1:1')->createSession();
            self::fail('It was created.');
        } catch (NetworkException $error) {
            self::assertTrue($error->wasSent);
            self::assertStringContainsString('no connection for', $error->getMessage());
            self::assertStringNotContainsString(self::setting('OCTOSTORE_TOKEN'), (string) $error);
        }
    }

    public function testAWatchIsRefused(): void
    {
        $this->expectException(ValidationException::class);
        $this->clientAt(null)->watch($this->name)->poll(1);
    }

    private function clientAt(?string $baseUrl, ?string $log = null): Client
    {
        $factory = new SimpleFactory();

        $newClient = static fn (): SimpleClient => new SimpleClient($log);

        return new Client($baseUrl, transport: new Psr18Transport($newClient, $factory, $factory));
    }
}
