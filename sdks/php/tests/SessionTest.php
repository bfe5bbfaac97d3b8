<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;

final class SessionTest extends ServerTestCase
{
    public function testItsEndIsToldToItsLocksAtOnce(): void
    {
        foreach ([$this->client, $this->cooperativeClient()] as $client) {
            $session = $client->openSession();
            $lock = $client->hold($this->name, session: $session);
            $told = 0;
            $lock->onLost(function () use (&$told): void {
                $told++;
            });
            $session->end();
            self::assertSame(1, $told);
            self::assertFalse($session->isLost());
            $this->assertAvailable($this->name);
        }
    }

    public function testOneThatIsForgottenEnds(): void
    {
        $session = $this->client->openSession();
        $id = $session->sessionId;
        unset($session);
        $this->expectException(NotFoundException::class);
        $this->client->sessionStatus($id);
    }

    public function testItLivesNoLongerForItsLocksThanForItself(): void
    {
        $session = $this->client->openSession(ttlSeconds: 10);
        $lock = $this->client->hold($this->name, ttlSeconds: 3600, session: $session);
        self::assertLessThanOrEqual(10_000, $lock->remainingMs());
        $session->close();
        $session->close();
        $this->expectException(LostException::class);
        $lock->throwIfLost();
    }
}
