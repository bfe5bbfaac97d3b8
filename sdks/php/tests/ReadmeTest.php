<?php

declare(strict_types=1);

namespace OctoStore\Tests;

/** Runs the examples of the README. */
final class ReadmeTest extends ServerTestCase
{
    /** What the examples do with their locks. */
    private const HELPERS = <<<'PHP'

        function openInvoices(): array
        {
            return ['1', '2'];
        }

        function sendInvoice(string $invoice, int $fence): void
        {
            echo "sent $invoice\n";
        }

        function runReport(int $fence): void
        {
            $client = new OctoStore\Client();
            $client->release('billing/nightly', $client->lockStatus('billing/nightly')->held->leaseId);
            sleep(60);
        }

        function runUntilStopped(int $fence): void
        {
            echo "running\n";
            // Not one long sleep: PHP would sleep on if the signal came just before it.
            for (;;) {
                usleep(5_000);
            }
        }

        function readConfig(): void
        {
            echo "read\n";
        }

        /** @param list<int> $onGpus */
        function compute(array $onGpus): void
        {
            echo 'on ', count($onGpus), " GPUs\n";
        }

        function transfer(int $fence): void
        {
            echo "transferred\n";
        }

        function writeReport(): void
        {
            echo "written\n";
        }

        function runNextJob(int $fence): void
        {
            echo "ran a job\n";
            posix_kill(getmypid(), SIGTERM);
        }
        PHP;

    public function testAFunctionThatRunsUnderALock(): void
    {
        self::assertSame("sent 1\nsent 2\n", self::outputOf(self::example('waitSeconds: 10')));
    }

    public function testALockThatSomebodyElseHolds(): void
    {
        $example = self::example('LockHeldException');
        self::assertSame("sent 4711\n", self::outputOf($example));
        $lock = $this->other->hold('billing/nightly');
        self::assertMatchesRegularExpression("/^\\S+ has the lock until 20\\S+\n$/", self::outputOf($example));
        $lock->close();
    }

    public function testALossInTheMiddleOfSomething(): void
    {
        $program = self::program(str_replace('ttlSeconds: 30', 'ttlSeconds: 2', self::example('onLost(')));
        self::assertStringContainsString('The lock billing/nightly is lost', $program->end()['errors']);
    }

    public function testCooperativeRenewal(): void
    {
        self::assertSame("sent 1\nsent 2\n", self::outputOf(self::example('keepAlive()')));
    }

    public function testAnElectionThatIsStopped(): void
    {
        self::assertSame("ran a job\n", self::outputOf(self::example('StopToken::onSignals')));
    }

    public function testAnElectionThatEndsWithAnError(): void
    {
        self::assertSame("the election has ended: authentication\n", self::outputOf(self::example('octo_mistyped')));
    }

    /** @dataProvider signals */
    public function testAProgramThatIsTerminatedReleasesItsLock(int $signal): void
    {
        $program = self::program(self::example('pcntl_signal'));
        self::assertSame('running', $program->line());
        $this->assertHeld('billing/nightly');
        $program->signal($signal);
        self::assertSame(['output' => '', 'errors' => '', 'exitCode' => 128 + $signal], $program->end());
        $this->assertAvailable('billing/nightly');
    }

    /** @return iterable<array{int}> */
    public static function signals(): iterable
    {
        yield [SIGINT];
        yield [SIGTERM];
    }

    public function testKindsOfLocks(): void
    {
        self::assertSame("read\non 2 GPUs\ntransferred\n", self::outputOf(self::example('WantedLock')));
    }

    public function testAFence(): void
    {
        $this->client->fences->get('reports');
        self::assertSame("written\n", self::outputOf(self::example('fences->advance')));
    }

    public function testATokenThatChanges(): void
    {
        $file = tempnam(sys_get_temp_dir(), 'octostore');
        file_put_contents($file, self::setting('OCTOSTORE_TOKEN') . "\n");
        self::assertSame("available\n", self::outputOf(strtr(self::example('/run/secrets'), ['/run/secrets/octostore' => $file])));
        unlink($file);
    }

    public function testAnObserver(): void
    {
        $tracer = '$tracer = new class {
            public function __call(string $name, array $given): static
            {
                echo $name, " ", is_scalar($given[0] ?? null) && $name !== "setAttribute" ? $given[0] : "", "\\n";

                return $this;
            }
        };';
        self::assertSame(
            "spanBuilder hold billing/nightly\nstartSpan \nsetAttribute \nsent 4711\naddEvent released\nend \n",
            self::outputOf($tracer . self::example('spanBuilder')),
        );
    }

    public function testAPsr18Client(): void
    {
        $given = sprintf("require '%s/../autoload-dev.php';\n", __DIR__) . '$factory = new OctoStore\Tests\Psr\SimpleFactory();'
            . 'function newHttpClient() { return new OctoStore\Tests\Psr\SimpleClient(); }';
        self::assertSame("available\n", self::outputOf($given . self::example('Psr18Transport')));
    }

    public function testATestDouble(): void
    {
        self::assertSame("still held\nlost\n", self::outputOf(self::example('InMemoryOctoStore')));
    }

    public function testASession(): void
    {
        self::assertMatchesRegularExpression("/^\\d+ alive\n$/", self::outputOf(self::example('openSession(')));
    }

    public function testAWatchThatAnEventEnds(): void
    {
        $program = self::program(self::example('watchPrefix('));
        self::assertMatchesRegularExpression('/^\d+ locks are held$/', $program->line());
        $this->client->hold('billing/daily')->close();
        self::assertSame('', $program->end()['errors']);
    }

    public function testAReceiverOfWebhooks(): void
    {
        self::assertSame('400', self::outputOf(self::example('WebhookSignature') . "\necho receive([], '{}');"));
    }

    public function testThereIsNoOther(): void
    {
        self::assertCount(16, self::examples());
    }

    private static function outputOf(string $example): string
    {
        $ended = self::program($example)->end();
        self::assertSame('', $ended['errors']);
        self::assertSame(0, $ended['exitCode']);

        return $ended['output'];
    }

    private static function program(string $example): Program
    {
        $settings = ['http://localhost:3000' => self::setting('OCTOSTORE_BASE_URL'), 'octo_...' => self::setting('OCTOSTORE_TOKEN')];

        return new Program(strtr($example, $settings) . self::HELPERS);
    }

    private static function example(string $text): string
    {
        $found = array_filter(self::examples(), static fn (string $example): bool => str_contains($example, $text));
        self::assertCount(1, $found, "There must be one example with $text.");

        return current($found);
    }

    /** @return list<string> */
    private static function examples(): array
    {
        preg_match_all('/^```php\n(.*?)^```$/ms', file_get_contents(__DIR__ . '/../README.md'), $matches);

        return $matches[1];
    }
}
