<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Keeping\ErrorCodec;
use OctoStore\Testing\InMemoryOctoStore;
use OctoStore\Value\HandleEvent;

/** What the observer of a client is told. */
final class ObserverTest extends ServerTestCase
{
    /** @var list<HandleEvent> */
    private array $events = [];

    public function testItIsToldOfRenewalsAndFailures(): void
    {
        $octoStore = new InMemoryOctoStore();
        $client = $octoStore->client(observer: $this->note(...));
        $lock = $client->holdAll(['a', 'b'], ttlSeconds: 30);
        $octoStore->advance(10);
        $octoStore->goDown();
        $octoStore->advance(10.1);
        $octoStore->comeBack();
        $octoStore->advance(2);
        $lock->close();
        $types = $this->types();
        $failures = array_keys($types, 'renewal_failed', true);
        self::assertNotSame([], $failures);
        self::assertSame(['acquired', 'renewed', 'renewal_failed'], array_slice($types, 0, 3));
        self::assertSame(['renewed', 'released'], array_slice($types, -2));
        self::assertSame([['a', 'b'], $lock->fencingToken, null], [
            $this->events[0]->locks,
            $this->events[0]->fencingToken,
            $this->events[0]->session,
        ]);
        self::assertInstanceOf(NetworkException::class, $this->events[$failures[0]]->error);
        $octoStore->close();
    }

    public function testItIsToldHowALockIsLost(): void
    {
        $octoStore = new InMemoryOctoStore();
        $client = $octoStore->client(observer: $this->note(...));
        $lock = $client->hold('a', ttlSeconds: 30);
        $client->release('a', $lock->leaseId);
        $octoStore->advance(10);
        $lock->close();
        self::assertSame(['acquired', 'lost'], $this->types());
        self::assertSame('lock_not_found', $this->events[1]->error?->errorCode);
        $octoStore->close();
    }

    public function testWithBackgroundRenewalItIsToldWhenTheHandleIsUsed(): void
    {
        $client = new Client(observer: $this->note(...));
        $session = $client->openSession(ttlSeconds: 10);
        $lock = $client->hold($this->name, ttlSeconds: 3, session: $session);
        self::eventually(function () use ($lock): bool {
            $lock->isLost();

            return in_array('renewed', $this->types(), true);
        }, 'a renewal was told');
        self::assertSame($session->sessionId, $this->events[0]->session);
        $lock->close();
        $session->close();
        self::assertSame(['released', 'released'], array_slice($this->types(), -2));
        $shown = print_r($this->events, true);
        self::assertStringNotContainsString($lock->leaseId, $shown);
        self::assertStringNotContainsString(self::setting('OCTOSTORE_TOKEN'), $shown);
    }

    public function testWhatItThrowsIsLoggedAndHarmsNothing(): void
    {
        $log = tempnam(sys_get_temp_dir(), 'octostore');
        $before = ini_set('error_log', $log);
        $client = new Client(observer: static fn () => throw new \DomainException('mine'));
        self::assertSame(7, $client->withLock($this->name, static fn (): int => 7));
        ini_set('error_log', (string) $before);
        self::assertStringContainsString('the observer has failed: DomainException: mine', file_get_contents($log));
        unlink($log);
        $this->assertAvailable($this->name);
    }

    public function testAnErrorOfARenewerIsTheSameInTheProgram(): void
    {
        $error = new NetworkException('broken', true);
        $decoded = ErrorCodec::decode(Fields::parse(json_encode(ErrorCodec::encode($error))));
        self::assertInstanceOf(NetworkException::class, $decoded);
        self::assertSame('broken', $decoded->getMessage());
        $gone = ErrorCodec::decode(Fields::parse(json_encode(ErrorCodec::encode(new NotFoundException('gone')))));
        self::assertInstanceOf(NotFoundException::class, $gone);
    }

    private function note(HandleEvent $event): void
    {
        $this->events[] = $event;
    }

    /** @return list<string> */
    private function types(): array
    {
        return array_map(static fn (HandleEvent $event): string => $event->type->value, $this->events);
    }
}
