<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LostException;
use OctoStore\Internal\Process;

/** What the processes do that renew in the background. */
final class BackgroundTest extends ServerTestCase
{
    public function testALockOutlivesItsTtlWhileTheProgramIsBusy(): void
    {
        $lock = $this->client->hold($this->name, ttlSeconds: 5);
        sleep(6);
        self::assertFalse($lock->isLost());
        self::assertGreaterThan(500, $lock->remainingMs());
        $this->assertHeld($this->name);
        $lock->close();
        self::assertSame(0, $lock->remainingMs());
    }

    public function testSeveralLocksLeaveNoProcessesBehind(): void
    {
        $before = Processes::childrenOf(getmypid());
        $locks = array_map(fn (int $n) => $this->client->hold("$this->name/$n"), range(1, 4));
        self::assertCount(count($before) + 4, Processes::childrenOf(getmypid()));
        foreach ($locks as $lock) {
            $lock->close();
        }
        self::assertSame($before, Processes::childrenOf(getmypid()));
    }

    public function testALossIsToldInTheMiddleOfASleep(): void
    {
        $lock = $this->client->hold($this->name, ttlSeconds: 3);
        $told = 0;
        $lock->onLost(function (LostException $loss) use (&$told): never {
            $told++;
            throw $loss;
        });
        $this->client->release($this->name, $lock->leaseId);
        $startedAt = microtime(true);
        try {
            sleep(30);
            self::fail('It slept on.');
        } catch (LostException $loss) {
            self::assertSame('lock_not_found', $loss->errorCode);
            self::assertLessThan(5, microtime(true) - $startedAt);
        }
        self::assertTrue($lock->isLost());
        self::assertSame(1, $told);
        $lock->close();
    }

    public function testTheLossOfASessionIsToldToItsLocks(): void
    {
        $session = $this->client->openSession(ttlSeconds: 10);
        $lock = $this->client->hold($this->name, ttlSeconds: 300, session: $session);
        $lock->onLost(function (LostException $loss) use (&$told): void {
            $told = $loss->getMessage();
        });
        $this->client->endSession($session->sessionId);
        self::assertNotSame(0, sleep(30));
        self::assertSame("The lock $this->name is lost: its session has ended.", $told);
    }

    public function testAProgramThatIsKilledLeavesNoRenewersAndNoLocks(): void
    {
        $program = new Program(<<<PHP
            \$client = new OctoStore\\Client();
            \$locks = array_map(fn (int \$n) => \$client->hold("$this->name/\$n", ttlSeconds: \$n), [2, 60, 61]);
            echo "held\\n";
            sleep(60);
            PHP);
        self::assertSame('held', $program->line());
        $renewers = Processes::childrenOf($program->pid);
        self::assertCount(3, $renewers);
        $program->signal(SIGKILL);
        $killedAt = microtime(true);
        self::eventually(fn () => array_filter($renewers, Processes::isAlive(...)) === [], 'the renewers ended');
        self::assertLessThan(10, microtime(true) - $killedAt, 'They waited until they had to renew.');
        self::eventually(fn () => !$this->client->lockStatus("$this->name/2")->isHeld(), 'the lock came free');
    }

    public function testNoLockIsKeptForAnotherProcessOfADeadProgram(): void
    {
        $program = new Program(<<<PHP
            \$lock = (new OctoStore\\Client())->hold('$this->name', ttlSeconds: 2);
            \$heir = proc_open(['sleep', '20'], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w']], \$pipes);
            echo proc_get_status(\$heir)['pid'], "\\n";
            sleep(60);
            PHP);
        $heir = (int) $program->line();
        $program->signal(SIGKILL);
        self::eventually(fn () => !$this->client->lockStatus($this->name)->isHeld(), 'the lock came free');
        self::assertTrue(Processes::isAlive($heir));
        posix_kill($heir, SIGKILL);
    }

    public function testARenewerHeedsNoSignalThatIsForTheProgram(): void
    {
        $lock = $this->client->hold($this->name, ttlSeconds: 5);
        foreach (Processes::childrenOf(getmypid()) as $child) {
            array_map(static fn (int $signal) => posix_kill($child, $signal), [SIGTERM, SIGINT, SIGHUP, SIGUSR1]);
        }
        sleep(6);
        self::assertFalse($lock->isLost());
        $lock->close();
    }

    public function testALockWhoseRenewerWasKilledIsLostInTime(): void
    {
        $askedAt = microtime(true);
        $lock = $this->client->hold($this->name, ttlSeconds: 4);
        foreach (Processes::childrenOf(getmypid()) as $child) {
            posix_kill($child, SIGKILL);
        }
        self::assertFalse($lock->isLost());
        self::eventually(fn () => $lock->isLost(), 'the lock was lost');
        self::assertEqualsWithDelta(3.6, microtime(true) - $askedAt, 0.39);
        $lock->close();
        self::assertSame([], Processes::childrenOf(getmypid()));
    }

    public function testACopyInAForkDoesNotRelease(): void
    {
        $lock = $this->client->hold($this->name);
        $pid = pcntl_fork();
        if ($pid === 0) {
            $lock->close();
            posix_kill(getmypid(), SIGKILL);
        }
        pcntl_waitpid($pid, $status);
        $this->assertHeld($this->name);
        self::assertFalse($lock->isLost());
        $lock->close();
        $this->assertAvailable($this->name);
    }

    public function testWhatTheProgramHasIsNotEndedByItsForks(): void
    {
        $file = tempnam(sys_get_temp_dir(), 'octostore');
        $program = new Program(<<<PHP
            // Into a file, since forks have no output.
            function note(string \$what): void
            {
                file_put_contents('$file', "\$what\n", FILE_APPEND);
            }
            final class Thing
            {
                public function __destruct()
                {
                    note('destroyed');
                }
            }
            ob_start(static function (string \$output): string {
                note('flushed');

                return \$output;
            });
            echo "buffered\n";
            \$thing = new Thing();
            register_shutdown_function(static fn () => note('shut down'));
            \$client = new OctoStore\\Client();
            \$lock = \$client->hold('$this->name', ttlSeconds: 1);
            \$client->release('$this->name', \$lock->leaseId);
            while (!\$lock->isLost()) {
                usleep(10_000);
            }
            OctoStore\\Internal\\Process::detach(static fn () => note('detached'));
            while (!str_contains(file_get_contents('$file'), 'detached')) {
                usleep(10_000);
            }
            PHP);
        $ended = $program->end();
        self::assertSame(['output' => "buffered\n", 'errors' => '', 'exitCode' => 0], $ended);
        self::assertSame("detached\nshut down\ndestroyed\nflushed\n", file_get_contents($file));
        unlink($file);
    }

    public function testAProgramThatReapsItsChildrenItselfMayHoldLocks(): void
    {
        $before = pcntl_signal_get_handler(SIGCHLD);
        pcntl_signal(SIGCHLD, SIG_IGN);
        $this->client->withLock($this->name, fn () => $this->assertHeld($this->name));
        pcntl_signal(SIGCHLD, $before);
        self::assertSame([], Processes::childrenOf(getmypid()));
    }

    /**
     * PHP 8.2 corrupts its own heap about once in 1,000 such exceptions, with or without this client: `json_encode(get_object_vars($x))`
     * in a loop is enough. So the handlers throw in programs of their own, each briefly, and one that PHP itself ends proves nothing.
     */
    public function testHandlersThatThrowLeaveNoRenewerBehind(): void
    {
        $proofs = 0;
        for ($programs = 0; $proofs < 6 && $programs < 30; $programs++) {
            $ended = $this->programWhoseHandlersThrow()->end();
            if ($ended['exitCode'] === SIGSEGV || $ended['exitCode'] === SIGBUS || $ended['exitCode'] === SIGABRT) {
                continue;
            }
            self::assertSame(['output' => "no renewer is left\n", 'errors' => '', 'exitCode' => 0], $ended);
            $proofs++;
        }
        self::assertSame(6, $proofs, "PHP itself ended the other programs: there were $programs.");
    }

    /** A program of which 100 calls are interrupted somewhere by an exception. */
    private function programWhoseHandlersThrow(): Program
    {
        $processes = __DIR__ . '/Processes.php';

        return new Program(<<<PHP
            require '$processes';
            pcntl_async_signals(true);
            \$isArmed = false;
            pcntl_signal(SIGUSR1, static function () use (&\$isArmed): void {
                if (\$isArmed) {
                    \$isArmed = false;
                    throw new DomainException('now');
                }
            });
            // It stops as soon as its parent is gone, whose id another process may get.
            \$tormentor = proc_open([PHP_BINARY, '-r', sprintf(
                'while (posix_getppid() === %1\$d && posix_kill(%1\$d, SIGUSR1)) { usleep(700); }',
                getmypid(),
            )], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], \$pipes);
            \$client = new OctoStore\\Client();
            for (\$calls = \$thrown = 0; \$thrown < 100; \$calls++) {
                try {
                    \$isArmed = true;
                    \$client->hold("$this->name/" . getmypid() . "/\$calls")->close();
                    \$isArmed = false;
                } catch (DomainException) {
                    \$thrown++;
                }
            }
            pcntl_signal(SIGUSR1, SIG_IGN);
            proc_terminate(\$tormentor, SIGKILL);
            proc_close(\$tormentor);
            \$renewers = OctoStore\\Tests\\Processes::childrenOf(getmypid());
            echo \$renewers === [] ? "no renewer is left\\n" : count(\$renewers) . " renewers are left\\n";
            PHP);
    }

    public function testWorkThatIsDetachedIsDoneAndLeavesNoProcess(): void
    {
        $file = tempnam(sys_get_temp_dir(), 'octostore');
        self::assertTrue(Process::detach(static fn () => file_put_contents($file, 'done')));
        self::assertSame([], Processes::childrenOf(getmypid()));
        self::eventually(static fn () => file_get_contents($file) === 'done', 'the work was done');
        unlink($file);
    }
}
