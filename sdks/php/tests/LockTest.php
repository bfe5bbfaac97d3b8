<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\StoppedException;
use OctoStore\Lock;
use OctoStore\StopToken;

final class LockTest extends ServerTestCase
{
    public function testWithLockPassesOnWhatItsFunctionReturns(): void
    {
        $token = $this->client->withLock($this->name, function (Lock $lock): int {
            $this->assertHeld($this->name);

            return $lock->fencingToken;
        });
        self::assertGreaterThan(0, $token);
        $this->assertAvailable($this->name);
    }

    public function testWithLockReleasesWhenItsFunctionThrows(): void
    {
        try {
            $this->client->withLock($this->name, fn () => throw new \DomainException('mine'));
            self::fail('It was swallowed.');
        } catch (\DomainException $error) {
            self::assertSame('mine', $error->getMessage());
        }
        $this->assertAvailable($this->name);
    }

    public function testAHandleThatIsForgottenReleases(): void
    {
        $lock = $this->client->hold($this->name);
        $this->assertHeld($this->name);
        unset($lock);
        $this->assertAvailable($this->name);
    }

    public function testAProgramThatExitsReleases(): void
    {
        $program = new Program(<<<PHP
            (new OctoStore\\Client())->withLock('$this->name', function () { echo "held\\n"; exit(3); });
            PHP);
        self::assertSame('held', $program->line());
        self::assertSame(3, $program->end()['exitCode']);
        $this->assertAvailable($this->name);
    }

    public function testAHeldLockSaysWhoHasIt(): void
    {
        $lock = $this->other->hold($this->name, metadata: 'theirs');
        try {
            $this->client->hold($this->name);
            self::fail('It was had twice.');
        } catch (LockHeldException $error) {
            self::assertSame('theirs', $error->metadata);
            self::assertGreaterThan(new \DateTimeImmutable(), $error->expiresAt);
            self::assertSame(0, $error->getCode());
            self::assertSame('lock_held', $error->errorCode);
        }
        $lock->close();
    }

    public function testAWaitThatIsStoppedLeavesTheQueue(): void
    {
        $theirs = $this->other->hold($this->name);
        $asked = 0;
        $stop = StopToken::when(function () use (&$asked): bool {
            $asked++;

            return $this->other->lockStatus($this->name)->waiters === 1;
        });
        try {
            $this->client->hold($this->name, waitSeconds: 60, stop: $stop);
            self::fail('It was had.');
        } catch (StoppedException) {
            self::assertGreaterThan(0, $asked);
        }
        self::eventually(fn () => $this->client->lockStatus($this->name)->waiters === 0, 'the waiter left');
        $theirs->close();
        $this->assertAvailable($this->name);
    }

    public function testAWaitThatASignalStopsEndsAtOnce(): void
    {
        $theirs = $this->other->hold($this->name);
        $program = new Program(<<<PHP
            \$stop = OctoStore\\StopToken::onSignals(SIGTERM);
            echo "ready\\n";
            try {
                (new OctoStore\\Client())->hold('$this->name', waitSeconds: 1000, stop: \$stop);
            } catch (OctoStore\\Exception\\StoppedException) {
                echo "stopped\\n";
            }
            PHP);
        self::assertSame('ready', $program->line());
        self::eventually(fn () => $this->client->lockStatus($this->name)->waiters === 1, 'the program waited');
        $program->signal(SIGTERM);
        self::assertSame('stopped', $program->line());
        $theirs->close();
    }

    public function testAStopBeforehandSendsNothing(): void
    {
        $stop = new StopToken();
        $stop->stop();
        try {
            $this->client->hold($this->name, stop: $stop);
            self::fail('It was had.');
        } catch (StoppedException) {
            $this->assertAvailable($this->name);
        }
    }
}
