<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LostException;
use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Process;

/** What the program's own functions throw is never swallowed: handlers of signals, and listeners of losses. */
final class ListenersTest extends ServerTestCase
{
    public function testAHandlerThatThrowsWhileSomethingIsDetachedIsHeard(): void
    {
        pcntl_async_signals(true);
        // The process in between ends meanwhile.
        pcntl_signal(SIGCHLD, static fn () => throw new \DomainException('now'));
        try {
            $this->expectExceptionObject(new \DomainException('now'));
            Process::detach(static fn (): null => null);
        } finally {
            pcntl_signal(SIGCHLD, SIG_DFL);
        }
    }

    public function testAListenerThatThrowsDuringACloseIsHeardAndTheLockIsReleased(): void
    {
        $lock = $this->client->hold($this->name);
        $lost = $this->cooperativeClient()->hold("$this->name/lost", ttlSeconds: 1);
        $lost->onLost(static fn (LostException $loss): never => throw $loss);
        usleep(950_000);
        try {
            $lost->close();
            self::fail('The listener was not heard.');
        } catch (LostException $loss) {
            self::assertSame("The lock $this->name/lost is lost: it could not be renewed in time.", $loss->getMessage());
        }
        $lost->close();
        $lock->close();
        $this->assertAvailable($this->name);
    }

    /** A signal calls the listener while another lock is released, here by the token of the request. */
    public function testALossThatIsToldDuringARequestIsNotTheAnswerOfTheServer(): void
    {
        $lock = $this->client->hold($this->name);
        $api = (new \ReflectionProperty($lock, 'api'))->getValue($lock);
        $caller = (new \ReflectionProperty($api, 'caller'))->getValue($api);
        $call = new Call(
            request: static fn () => throw new LostException('another one'),
            read: static fn (): null => null,
            isSafe: true,
            goneIsDone: true,
            limits: new Limits(),
        );
        $call->outcome->isUnknown = true;
        try {
            $this->expectExceptionObject(new LostException('another one'));
            $caller->call($call);
        } finally {
            self::assertTrue($call->outcome->isUnknown);
            $lock->close();
        }
    }
}
