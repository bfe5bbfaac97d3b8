<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\AuthenticationException;
use OctoStore\Internal\Bearer;
use PHPUnit\Framework\TestCase;

/** A token that is replaced in one process while others use it. */
final class BearerTest extends TestCase
{
    private Bearer $bearer;

    protected function setUp(): void
    {
        $this->bearer = new Bearer('first', 10_000);
    }

    public function testWhatAForkRotatesItsParentHas(): void
    {
        $child = self::fork(fn () => $this->bearer->rotate(static fn (): string => 'second'));
        pcntl_waitpid($child, $status);
        self::assertTrue($this->bearer->isReplaced('first'));
        self::assertSame('second', $this->bearer->token());
    }

    public function testTheRotationOfAnotherProcessIsWaitedFor(): void
    {
        [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $child = self::fork(fn () => $this->bearer->rotate(static function () use ($theirs): string {
            fwrite($theirs, "begun\n");
            fgets($theirs);
            usleep(200_000);

            return 'second';
        }));
        fgets($ours);
        self::assertSame('first', $this->bearer->token());
        self::assertNull($this->bearer->isReplaced('first'));
        self::assertFalse($this->bearer->awaitReplacement('first', hrtime(true) / 1e6 + 50, null));
        fwrite($ours, "end\n");
        $tokens = [];
        $tokens[] = $this->bearer->rotate(function () use (&$tokens): string {
            $tokens[] = $this->bearer->token();

            return 'third';
        });
        self::assertSame(['second', 'third'], $tokens);
        pcntl_waitpid($child, $status);
    }

    public function testARotationThatFailsLeavesTheToken(): void
    {
        try {
            $this->bearer->rotate(function (): string {
                self::assertFalse($this->bearer->isReplaced('first'), 'It would wait for itself.');
                throw new \DomainException('refused');
            });
        } catch (\DomainException $error) {
            self::assertSame('refused', $error->getMessage());
        }
        self::assertFalse($this->bearer->isReplaced('first'));
    }

    public function testAHandlerThatThrowsDoesNotLoseTheNewToken(): void
    {
        pcntl_async_signals(true);
        pcntl_signal(SIGUSR1, static fn () => throw new \DomainException('now'));
        try {
            $this->bearer->rotate(static function (): string {
                posix_kill(getmypid(), SIGUSR1);

                return 'second';
            });
            self::fail('The handler did not run.');
        } catch (\DomainException) {
            self::assertSame('second', $this->bearer->token());
        } finally {
            pcntl_signal(SIGUSR1, SIG_DFL);
        }
    }

    public function testWhatAForkHasAskedForItsParentHas(): void
    {
        $bearer = new Bearer(static fn (): string => 'of-' . getmypid(), 10_000);
        $child = self::fork(static fn () => $bearer->ready(INF, null));
        pcntl_waitpid($child, $status);
        self::assertSame("of-$child", $bearer->token());
    }

    public function testOneProcessAsksAndTheOthersWait(): void
    {
        $file = tempnam(sys_get_temp_dir(), 'octostore');
        $bearer = new Bearer(static function () use ($file): string {
            file_put_contents($file, '.', FILE_APPEND);
            usleep(200_000);

            return 'token';
        }, 10_000);
        $children = array_map(static fn (): int => self::fork(static fn () => $bearer->ready(INF, null)), range(1, 3));
        foreach ($children as $child) {
            pcntl_waitpid($child, $status);
        }
        self::assertSame(['token', '.'], [$bearer->token(), file_get_contents($file)]);
        unlink($file);
    }

    public function testAFunctionThatGivesTheRefusedTokenAgainIsNotAskedOnAndOn(): void
    {
        $asked = 0;
        $bearer = new Bearer(static function () use (&$asked): string {
            $asked++;

            return 'same';
        }, 10_000);
        $bearer->ready(INF, null);
        self::assertFalse($bearer->askAgain('same', INF, null));
        self::assertSame(2, $asked);
    }

    public function testAFunctionThatFailsIsTheCause(): void
    {
        $cause = new \DomainException('the vault is closed');
        $bearer = new Bearer(static fn () => throw $cause, 10_000);
        for ($asked = 0; $asked < 2; $asked++) {
            try {
                $bearer->ready(INF, null);
                self::fail('There was a token.');
            } catch (AuthenticationException $error) {
                self::assertSame($cause, $error->getPrevious());
            }
        }
    }

    public function testAHandlerThatThrowsWhileTheFunctionRunsIsNotItsError(): void
    {
        pcntl_async_signals(true);
        pcntl_signal(SIGUSR1, static fn () => throw new \DomainException('now'));
        $bearer = new Bearer(static function (): string {
            posix_kill(getmypid(), SIGUSR1);

            return 'token';
        }, 10_000);
        try {
            $bearer->ready(INF, null);
            self::fail('The handler did not run.');
        } catch (\DomainException) {
            self::assertSame('token', $bearer->token());
        } finally {
            pcntl_signal(SIGUSR1, SIG_DFL);
        }
    }

    public function testNoDumpShowsWhatTheFunctionHasCaptured(): void
    {
        $secret = 'secret-token-4711';
        $client = new Client('http://localhost:1', static fn (): string => $secret);
        ob_start();
        var_dump($client);
        self::assertStringNotContainsString($secret, ob_get_clean() . print_r($client, true) . var_export($client, true));
    }

    public function testNoProgramThatIsStartedCanReadTheToken(): void
    {
        $program = new Program(<<<'PHP'
            $bearer = new OctoStore\Internal\Bearer('first', 10_000);
            $bearer->rotate(static fn (): string => 'secret-token-4711');
            $read = 'foreach (glob("/proc/self/fd/*") as $file) {
                $file = @fopen("php://fd/" . basename($file), "r");
                if ($file && stream_set_blocking($file, false)) {
                    echo fread($file, 1000);
                }
            }';
            proc_close(proc_open([PHP_BINARY, '-r', $read], [['file', '/dev/null', 'r']], $pipes));
            echo $bearer->isReplaced('secret-token-4711') === null ? 'It was taken out.' : 'It was not found.';
            PHP);
        $output = $program->end()['output'];
        self::assertStringNotContainsString('secret-token-4711', $output);
        self::assertStringEndsWith('It was taken out.', $output);
    }

    public function testARenewalThatIsRefusedDuringARotationIsMadeWithTheNewToken(): void
    {
        $server = new Program(<<<'PHP'
            $server = stream_socket_server('tcp://127.0.0.1:0');
            echo stream_socket_get_name($server, false), "\n";
            $lease = '{"status": "acquired", "name": "a", "lease_id": "b", "fencing_token": 1, "holder": "me",'
                . ' "holder_id": "1", "expires_at": "2100-01-01T00:00:00.000Z"}';
            $answer = static function ($to, int $status, string $body): void {
                fwrite($to, "HTTP/1.1 $status .\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
                fclose($to);
            };
            while ($asked = stream_socket_accept($server, 60)) {
                $request = fread($asked, 65536);
                preg_match('~^\S+ /\S*/(\w+) .*^Authorization: Bearer (\w+)~ims', $request, $of);
                [, $verb, $token] = $of;
                echo "$verb $token\n";
                if ($verb === 'rotate') {
                    $rotation = $asked;
                } elseif ($verb === 'renew' && $token === 'first') {
                    $answer($asked, 401, '{}');
                    usleep(200_000);
                    $answer($rotation, 200, '{"token": "second"}');
                } else {
                    $answer($asked, 200, $verb === 'release' ? '{"status": "released"}' : $lease);
                }
            }
            PHP);
        $client = new Client("http://{$server->line()}", 'first');
        $lock = $client->hold('a', ttlSeconds: 3);
        self::assertSame('second', $client->rotateToken());
        $seen = array_map(static fn (): string => $server->line(), range(1, 4));
        self::assertSame(['acquire first', 'rotate first', 'renew first', 'renew second'], $seen);
        self::assertFalse($lock->isLost());
        $lock->close();
        self::assertSame('release second', $server->line());
    }

    /** @param \Closure(): mixed $work */
    private static function fork(\Closure $work): int
    {
        $pid = pcntl_fork();
        if ($pid === 0) {
            try {
                $work();
            } finally {
                posix_kill(getmypid(), SIGKILL);
            }
        }

        return $pid;
    }
}
