<?php

declare(strict_types=1);

namespace OctoStore\Testing;

use OctoStore\Client;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Testing\FakeServer;
use OctoStore\Internal\Testing\FakeTransport;
use OctoStore\Internal\Testing\TestClock;
use OctoStore\Renewal;
use OctoStore\Rules;
use OctoStore\Transport\Transport;

/**
 * An OctoStore in memory, for tests of your program. Its clients are real ones, so all their rules apply, but time stands still until the
 * test moves it, or the program waits for a lock or pauses before a retry: then it goes on by itself, at once. Nothing is forked:
 * renewals happen when the clock passes them.
 *
 * From its creation until `close()`, it replaces the clock of all clients in this process, so have one at a time. It does not know
 * watches, webhooks, limits, and the rotation of tokens.
 */
final class InMemoryOctoStore
{
    private readonly TestClock $clock;
    private readonly FakeServer $server;

    public function __construct()
    {
        $this->clock = new TestClock();
        $this->server = new FakeServer($this->clock);
        Clock::replace($this->clock);
    }

    public function __destruct()
    {
        $this->close();
    }

    /**
     * A client of a user.
     *
     * @param ?\Closure(\OctoStore\Value\HandleEvent): void $observer as that of a client
     */
    public function client(string $user = 'ada', ?\Closure $observer = null): Client
    {
        return new Client(
            baseUrl: Rules::DEFAULT_BASE_URL,
            token: $user,
            renewal: Renewal::Cooperative,
            transport: $this->transport(),
            observer: $observer,
        );
    }

    /** A client of an administrator, who can break locks. */
    public function adminClient(string $user = 'administrator'): Client
    {
        $this->server->administrators[] = $user;

        return $this->client($user);
    }

    /** For clients that your program creates itself. Their tokens are the logins of users. */
    public function transport(): Transport
    {
        return new FakeTransport($this->server);
    }

    /**
     * Lets time pass. What is due on the way happens: renewals, and what you have planned with `after()`. Throws what listeners of
     * losses throw.
     */
    public function advance(int|float $seconds): void
    {
        $untilMs = $this->clock->nowMs() + 1000.0 * $seconds;
        do {
            $this->clock->advance(max(0.0, $untilMs - $this->clock->nowMs()));
        } while ($this->clock->nowMs() < $untilMs);
    }

    /**
     * Plans something, such as what someone else does while your program waits for a lock. It runs beside the test, in a fiber, so it may
     * wait for locks too.
     *
     * @param callable(): mixed $do
     */
    public function after(int|float $seconds, callable $do): void
    {
        $this->clock->plan(1000.0 * $seconds, $do(...));
    }

    /** The time of the server. */
    public function now(): \DateTimeImmutable
    {
        return new \DateTimeImmutable('@' . (int) floor($this->clock->nowMs() / 1000));
    }

    /** From now on, no one can connect, and requests that wait break. */
    public function goDown(): void
    {
        $this->server->isDown = true;
    }

    public function comeBack(): void
    {
        $this->server->isDown = false;
    }

    /** @return list<string> the methods and paths of all requests so far, such as `POST /locks/a/acquire` */
    public function requests(): array
    {
        return $this->server->requests;
    }

    /** Gives the clients of this process the clock of the system again. */
    public function close(): void
    {
        if (Clock::ofTest() === $this->clock) {
            Clock::replace(null);
        }
    }
}
