<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Client;
use OctoStore\Rules;
use OctoStore\WebhookSignature;

/** Has every request done where it must be done. */
final class Router
{
    /** What lasts, and who makes it. */
    private const OWNERS = [
        'hold' => Holdings::class,
        'hold_all' => Holdings::class,
        'open_session' => Holdings::class,
        'watch' => WatchOwner::class,
        'elect' => ElectionOwner::class,
        'with_lock' => BlockOwner::class,
    ];

    /** What is asked of something that lasts. */
    private const FOR_OWNERS = ['handle', 'await_lost', 'close', 'next', 'describe', 'end_block', 'convert'];

    /** @var array<string, Client> */
    private array $clients = [];

    /** @var array<string, Channel> to the owners of things, by the names of the things */
    private array $owners = [];

    /** Returns at the end of the input. */
    public function run(): void
    {
        pcntl_signal(SIGCHLD, SIG_IGN);
        self::passOnTermination();
        for (;;) {
            [$read, $write, $except] = [[STDIN], null, null];
            // A signal ends the wait, so that its handler can run.
            if (@stream_select($read, $write, $except, null) !== 1) {
                continue;
            }
            $line = fgets(STDIN);
            if ($line === false) {
                return;
            }
            $this->route(json_decode($line, true, flags: JSON_THROW_ON_ERROR));
        }
    }

    /** The processes of the driver stand for one program, and the SDK is in all of them. */
    private static function passOnTermination(): void
    {
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, static function (int $signal): void {
            pcntl_signal($signal, SIG_DFL);
            posix_kill(0, $signal);
        }, false);
    }

    /** @param array<string, mixed> $request */
    private function route(array $request): void
    {
        $do = $request['do'];
        $owned = $request['handle'] ?? $request['session'] ?? $request['watch'] ?? $request['election']
            ?? $request['block'] ?? null;
        if (in_array($do, ['hold', 'hold_all'], true) && isset($request['session'])) {
            // A lock ends with its session in the process that has both.
            $this->owners[$request['as']] = $this->owners[$request['session']];
        }
        if (isset(self::OWNERS[$do])) {
            $this->owners[$request['as']] ??= $this->newOwner(self::OWNERS[$do], $this->clients[$request['client']]);
            $this->owners[$request['as']]->writeLine($request);
        } elseif ($owned !== null && in_array($do, self::FOR_OWNERS, true)) {
            $this->owners[$owned]->writeLine($request);
        } elseif (in_array($do, ['client', 'describe', 'rules', 'verify_webhook'], true)) {
            // These wait for nobody.
            Output::answer($request['id'], fn (): mixed => $this->serve($request));
        } else {
            $client = $this->clients[$request['client']];
            Fork::run(static fn () => Output::answer($request['id'], static fn () => Calls::make($client, $request)));
        }
    }

    /** @param array<string, mixed> $request */
    private function serve(array $request): mixed
    {
        return match ($request['do']) {
            'client' => $this->makeClient($request),
            'describe' => (string) $this->clients[$request['client']],
            'rules' => array_change_key_case((new \ReflectionClass(Rules::class))->getConstants()),
            'verify_webhook' => WebhookSignature::verify(
                $request['secret'],
                $request['headers'],
                $request['body'],
                $request['now_seconds'],
            ),
        };
    }

    /** @param class-string<Owner> $class */
    private function newOwner(string $class, Client $client): Channel
    {
        [$ours, $theirs] = Channel::pair();
        Fork::run(static fn () => (new $class($client))->serve($theirs));

        return $ours;
    }

    /** @param array<string, mixed> $request */
    private function makeClient(array $request): null
    {
        $isWithoutToken = array_key_exists('token', $request) && $request['token'] === null;
        $token = getenv('OCTOSTORE_TOKEN');
        if ($isWithoutToken) {
            putenv('OCTOSTORE_TOKEN');
        }
        try {
            $this->clients[$request['as']] = $this->newClient($request);
        } finally {
            putenv("OCTOSTORE_TOKEN=$token");
        }

        return null;
    }

    /** @param array<string, mixed> $request */
    private function newClient(array $request): Client
    {
        return new Client(
            baseUrl: $request['base_url'] ?? null,
            token: isset($request['token_function'])
                ? (new GivenTokens($request['token_function']))->next(...)
                : $request['token'] ?? null,
            timeoutMs: $request['timeout_ms'] ?? Rules::TIMEOUT_MS_DEFAULT,
            waitSliceSeconds: $request['wait_slice_seconds'] ?? Rules::WAIT_SLICE_SECONDS_DEFAULT,
            releaseOnExit: $request['release_on_exit'] ?? false,
        );
    }
}
