<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LockLostException;
use OctoStore\Lock;

/** How block forms, handles and programs end. */
final class EndTest extends ServerTestCase
{
    private const FUNCTIONS_OF_SIGNALS = 'pcntl_fork,pcntl_signal,pcntl_async_signals,pcntl_waitpid,posix_kill,posix_getppid';

    private const OUT_OF_MEMORY = 'ini_set("memory_limit", "32M"); str_repeat("x", 1_000_000_000);';

    /** Not one long sleep: PHP would sleep on if the signal came just before it. */
    private const WAITING = 'for (;;) { usleep(5_000); }';

    public function testALockThatIsLostWhileItsFunctionRunsIsAnError(): void
    {
        try {
            $this->client->withLock($this->name, function (Lock $lock): string {
                $this->client->release($lock->name, $lock->leaseId);
                self::eventually(fn (): bool => $lock->isLost(), 'the lock was lost');

                return 'done';
            }, ttlSeconds: 1);
            self::fail('It was a success.');
        } catch (LockLostException $error) {
            self::assertStringStartsWith("The lock $this->name is lost: it has ended on the server.", $error->getMessage());
            self::assertSame([$this->name, 'done', 'lock_not_found'], [$error->lock, $error->result, $error->errorCode]);
        }
    }

    public function testWithoutBackgroundRenewalALossByTimeIsAnErrorToo(): void
    {
        $this->expectException(LockLostException::class);
        $this->cooperativeClient()->withLock($this->name, static fn () => usleep(1_000_000), ttlSeconds: 1);
    }

    public function testAHandleThatIsClosedByHandInItsFunctionIsNotLost(): void
    {
        self::assertSame(7, $this->client->withLock($this->name, static function (Lock $lock): int {
            $lock->close();

            return 7;
        }));
    }

    public function testTextFormsHaveNoLeaseId(): void
    {
        $session = $this->client->openSession();
        $lock = $this->client->hold($this->name, session: $session);
        $form = "OctoStore\\Lock($this->name, fencing token $lock->fencingToken, ";
        self::assertMatchesRegularExpression('/^' . preg_quote($form, '/') . '\d+\.\d s left\)$/', (string) $lock);
        self::assertMatchesRegularExpression("/^OctoStore.Session\\($session->sessionId, \\d+\\.\\d s left\\)$/", (string) $session);
        self::assertStringNotContainsString($lock->leaseId, print_r($lock, true));
        self::assertStringContainsString($this->name, print_r($lock, true));
        $session->close();
        self::assertSame("{$form}lost)", (string) $lock);
        self::assertStringEndsWith(', closed)', (string) $session);
    }

    /** @dataProvider endings */
    public function testAProgramWithReleaseOnExitLeavesNoLock(string $what, ?int $signal, string $renewal): void
    {
        $program = $this->holding("new OctoStore\\Client(releaseOnExit: true, renewal: $renewal)", $what);
        if ($signal !== null) {
            $program->signal($signal);
        }
        $program->end();
        $this->assertAvailable($this->name);
        $this->assertAvailable("$this->name/2");
    }

    /** @return iterable<string, array{string, ?int, string}> */
    public static function endings(): iterable
    {
        yield 'SIGTERM' => [self::WAITING, SIGTERM, 'null'];
        yield 'SIGINT' => [self::WAITING, SIGINT, 'null'];
        yield 'SIGTERM, with cooperative renewal' => [self::WAITING, SIGTERM, 'OctoStore\\Renewal::Cooperative'];
        yield 'an error' => ['missing();', null, 'null'];
        yield 'out of memory' => [self::OUT_OF_MEMORY, null, 'null'];
    }

    public function testASignalEndsTheProgramAfterItsLocksAreReleased(): void
    {
        $program = $this->holding('new OctoStore\\Client(releaseOnExit: true)', self::WAITING);
        $program->signal(SIGTERM);
        $ended = $program->end();
        self::assertSame(['', ''], [$ended['output'], $ended['errors']]);
        $this->assertAvailable($this->name);
        $this->assertAvailable("$this->name/2");
    }

    public function testAnEarlierHandlerOfTheProgramRunsAfterwards(): void
    {
        $program = $this->holding(
            'new OctoStore\\Client(releaseOnExit: true)',
            'while (!$isHandled) { usleep(5_000); } echo $lock, "\n"; exit(3);',
            '$isHandled = false;
            pcntl_signal(SIGTERM, static function () use (&$isHandled): void { $isHandled = true; });',
        );
        $program->signal(SIGTERM);
        self::assertStringEndsWith(', closed)', $program->line());
        self::assertSame(3, $program->end()['exitCode']);
    }

    public function testItNeedsNeitherForksNorSignals(): void
    {
        $program = new Program(<<<PHP
            \$client = new OctoStore\\Client(releaseOnExit: true);
            \$lock = \$client->hold('$this->name', ttlSeconds: 120);
            try {
                \$client->withLock('$this->name/2', static fn () => usleep(1_000_000), ttlSeconds: 1);
            } catch (OctoStore\\Exception\\LockLostException) {
                echo "lost\\n";
            }
            PHP . "\n" . self::OUT_OF_MEMORY, ['disable_functions' => self::FUNCTIONS_OF_SIGNALS]);
        self::assertSame('lost', $program->line());
        self::assertStringContainsString('Allowed memory size', $program->end()['errors']);
        $this->assertAvailable($this->name);
    }

    public function testACopyInAForkIsNotClosedWhenTheForkExits(): void
    {
        $program = $this->holding(
            'new OctoStore\\Client(releaseOnExit: true)',
            '$pid = pcntl_fork();
            if ($pid === 0) { posix_kill(getmypid(), SIGTERM); for (;;) { usleep(5_000); } }
            pcntl_waitpid($pid, $status);
            echo pcntl_wtermsig($status), "\n";' . self::WAITING,
        );
        self::assertSame((string) SIGTERM, $program->line());
        $this->assertHeld($this->name);
        $program->signal(SIGTERM);
        $program->end();
        $this->assertAvailable($this->name);
    }

    public function testAProgramThatIsTerminatedLeavesItsLocksByDefault(): void
    {
        $program = $this->holding('new OctoStore\\Client()', self::WAITING);
        $program->signal(SIGTERM);
        $program->end();
        $this->assertHeld($this->name);
    }

    public function testSoDoesOneWithAFatalError(): void
    {
        $this->holding('new OctoStore\\Client()', self::OUT_OF_MEMORY)->end();
        $this->assertHeld($this->name);
    }

    public function testAnExitIsBounded(): void
    {
        $server = new Program(<<<'PHP'
            $server = stream_socket_server('tcp://127.0.0.1:0');
            echo stream_socket_get_name($server, false), "\n";
            $lease = '{"status": "acquired", "name": "a", "lease_id": "b", "fencing_token": 1, "holder": "me",'
                . ' "holder_id": "1", "expires_at": "2100-01-01T00:00:00.000Z"}';
            $hanging = [];
            while ($asked = stream_socket_accept($server, 60)) {
                if (str_contains(fread($asked, 65536), '/acquire')) {
                    fwrite($asked, "HTTP/1.1 200 OK\r\nContent-Length: " . strlen($lease) . "\r\n\r\n$lease");
                } else {
                    $hanging[] = $asked;
                    echo "hangs\n";
                }
            }
            PHP);
        $url = $server->line();
        $program = new Program(<<<PHP
            \$client = new OctoStore\\Client('http://$url', 'a', releaseOnExit: true);
            \$locks = array_map(static fn (int \$n) => \$client->hold("a/\$n"), range(1, 3));
            echo "held\\n";
            for (;;) { usleep(5_000); }
            PHP);
        self::assertSame('held', $program->line());
        $startedAt = microtime(true);
        $program->signal(SIGTERM);
        $program->end();
        self::assertLessThan(2.5, microtime(true) - $startedAt);
        self::assertSame(['hangs', 'hangs', 'hangs'], [$server->line(), $server->line(), $server->line()]);
    }

    /** A program that holds two locks, one of them in a session. */
    private function holding(string $client, string $what, string $before = ''): Program
    {
        $program = new Program(<<<PHP
            $before
            \$client = $client;
            \$lock = \$client->hold('$this->name', ttlSeconds: 120);
            \$session = \$client->openSession(ttlSeconds: 120);
            \$lock2 = \$client->hold('$this->name/2', ttlSeconds: 120, session: \$session);
            echo "held\\n";
            $what
            PHP);
        self::assertSame('held', $program->line());

        return $program;
    }
}
