<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Renewal;
use OctoStore\Value\LockState;
use PHPUnit\Framework\TestCase;

/** Tests against the server that the environment names, as two users of it. */
abstract class ServerTestCase extends TestCase
{
    private const PATIENCE_SECONDS = 15.0;

    protected Client $client;
    protected Client $other;

    /** A lock name that no other test has. */
    protected string $name;

    protected function setUp(): void
    {
        $this->client = new Client();
        $this->other = new Client(token: self::setting('OCTOSTORE_OTHER_TOKEN'));
        $this->name = 'php/' . bin2hex(random_bytes(8));
    }

    protected static function setting(string $name): string
    {
        $value = getenv($name);
        self::assertIsString($value, "$name must be set: these tests need a server.");

        return $value;
    }

    protected function cooperativeClient(): Client
    {
        return new Client(renewal: Renewal::Cooperative);
    }

    /** @param callable(): bool $condition */
    protected static function eventually(callable $condition, string $what): void
    {
        $until = microtime(true) + self::PATIENCE_SECONDS;
        while (!$condition()) {
            self::assertLessThan($until, microtime(true), "It never came that $what.");
            usleep(5_000);
        }
        self::assertTrue(true);
    }

    protected function assertHeld(string $name): void
    {
        self::assertSame(LockState::Held, $this->client->lockStatus($name)->status);
    }

    protected function assertAvailable(string $name): void
    {
        self::assertSame(LockState::Available, $this->client->lockStatus($name)->status);
    }
}
